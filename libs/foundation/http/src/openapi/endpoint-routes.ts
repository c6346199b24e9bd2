import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { type EndpointSpec, endpointSpecOf } from '../endpoint.ts';

/** An endpoint with the place where Nest serves it. */
export interface EndpointRoute {
  /** In lower case, as OpenAPI writes it. */
  readonly method: string;
  /** With parameters as `:name`. */
  readonly path: string;
  readonly handlerName: string;
  readonly spec: EndpointSpec;
}

function pathsOf(target: object): string[] {
  const paths = Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined;
  return [paths ?? ''].flat();
}

function join(...parts: string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;
}

function routesOf(controller: Type): EndpointRoute[] {
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((handlerName) => {
    // Accessors are no handlers, and reading one could run code.
    const handler: unknown = Object.getOwnPropertyDescriptor(prototype, handlerName)?.value;
    const spec = endpointSpecOf(handler);
    if (spec === undefined) return [];
    const method =
      RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler as object) as RequestMethod].toLowerCase();
    return pathsOf(controller).flatMap((base) =>
      pathsOf(handler as object).map((path) => ({ method, path: join(base, path), handlerName, spec })),
    );
  });
}

/** The endpoints of controllers, in the order of their paths. */
export function endpointRoutes(controllers: readonly Type[]): EndpointRoute[] {
  return controllers
    .flatMap(routesOf)
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1));
}
