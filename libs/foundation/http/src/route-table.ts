interface Route {
  readonly method: string;
  readonly segments: readonly string[];
}

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');
// Two colons are how the router writes one that begins no parameter.
const literal = (segment: string): string => segment.replaceAll('::', ':');

/** The routes of a service, kept to tell a wrong method from an unknown path. */
export class RouteTable {
  readonly #routes: Route[] = [];

  add(methods: string | readonly string[], path: string): void {
    for (const method of [methods].flat()) this.#routes.push({ method, segments: segmentsOf(path) });
  }

  /** The methods that a path answers, sorted; empty when the path is unknown. */
  methodsOf(path: string): string[] {
    const segments = segmentsOf(path);
    const matching = this.#routes.filter(
      (route) =>
        route.segments.length === segments.length &&
        route.segments.every((part, index) => part.startsWith(':') || literal(part) === segments[index]),
    );
    return [...new Set(matching.map((route) => route.method))].sort();
  }
}
