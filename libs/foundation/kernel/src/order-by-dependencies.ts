export interface DependencyOrder {
  /** Indexes of the nodes, each after all that it needs. */
  readonly order: readonly number[];
  /** Nodes that are in a circle or need one that is, so that they have no place in the order. */
  readonly circles: readonly number[];
}

/**
 * Puts nodes in an order in which each comes after those it needs. `needs` has the indexes for every node; `previous` may name
 * one node that shall come first as well, unless needs demand otherwise. Deterministic: nodes that are free at the same time
 * keep the order of their indexes as far as the order in which they become free.
 */
export function orderByDependencies(
  needs: readonly (readonly number[])[],
  previous: readonly (number | undefined)[] = [],
): DependencyOrder {
  const dependants: number[][] = needs.map(() => []);
  const followers: number[][] = needs.map(() => []);
  const open = needs.map((each) => new Set(each).size);
  for (const [node, each] of needs.entries()) for (const target of new Set(each)) dependants[target]!.push(node);
  for (const [node, before] of previous.entries()) if (before !== undefined) followers[before]!.push(node);
  const done = new Set<number>();
  const queue: number[] = [];
  const enqueueIfFree = (node: number): void => {
    const before = previous[node];
    if (open[node] === 0 && !done.has(node) && (before === undefined || done.has(before))) queue.push(node);
  };
  const take = (node: number): void => {
    if (done.has(node)) return;
    done.add(node);
    for (const dependant of dependants[node]!) {
      open[dependant]! -= 1;
      enqueueIfFree(dependant);
    }
    for (const follower of followers[node]!) enqueueIfFree(follower);
  };
  for (const node of needs.keys()) enqueueIfFree(node);
  let head = 0;
  for (;;) {
    while (head < queue.length) take(queue[head++]!);
    const overtaking = open.findIndex((count, node) => count === 0 && !done.has(node));
    if (overtaking === -1) break;
    take(overtaking);
  }
  return { order: [...done], circles: [...needs.keys()].filter((node) => !done.has(node)) };
}
