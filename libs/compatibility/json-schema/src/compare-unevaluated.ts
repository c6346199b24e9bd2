import type { Comparer } from './comparer.ts';
import type { Evaluated } from './evaluated.ts';
import type { ArrayShape, ObjectShape, Rest } from './shape.ts';

/** What `unevaluatedProperties` of either side says of the properties that no other keyword looks at. */
export function compareUnevaluatedProperties(writer: ObjectShape, reader: ObjectShape, comparer: Comparer): void {
  const path = 'unevaluatedProperties';
  const [from, to] = [writer.unevaluated, reader.unevaluated];
  if (from === undefined && to === undefined) return;
  const taken = to?.elsewhere();
  // Of the writer's own properties it is judged one by one what becomes of them.
  const isLost =
    from !== undefined &&
    taken !== undefined &&
    isLess(from.elsewhere(), {
      ...taken,
      names: union(taken.names, reader.properties.keys()),
      patterns: union(taken.patterns, reader.patterns.keys()),
    });
  const rest = taken?.everyName === true ? true : (to?.rest ?? true);
  const sides = { from: from?.rest ?? writer.additional, to: rest, isStated: from !== undefined, isLost };
  compareLeftOver('UNEVALUATED_PROPERTIES', sides, path, comparer);
}

/** What `unevaluatedItems` of either side says of the items that no other keyword looks at. */
export function compareUnevaluatedItems(writer: ArrayShape, reader: ArrayShape, comparer: Comparer): void {
  const [from, to] = [writer.unevaluated, reader.unevaluated];
  if (from === undefined && to === undefined) return;
  const taken = to?.elsewhere();
  const isLost =
    from !== undefined &&
    taken !== undefined &&
    isLess(from.elsewhere(), { ...taken, items: Math.max(taken.items, reader.tuple.length) });
  const rest = taken?.everyItem === true ? true : (to?.rest ?? true);
  const sent = from?.rest ?? writer.items ?? writer.additional;
  const sides = { from: sent, to: rest, isStated: from !== undefined, isLost };
  compareLeftOver('UNEVALUATED_ITEMS', sides, 'unevaluatedItems', comparer);
}

interface Sides {
  readonly from: Rest;
  readonly to: Rest;
  /** The writer says `unevaluated…` itself. */
  readonly isStated: boolean;
  /** More may be left over for the reader than was for the writer. */
  readonly isLost: boolean;
}

function compareLeftOver(
  what: 'UNEVALUATED_PROPERTIES' | 'UNEVALUATED_ITEMS',
  { from, to, isStated, isLost }: Sides,
  path: string,
  comparer: Comparer,
): void {
  const [sent, taken] = [withoutEmpty(from), withoutEmpty(to)];
  if (taken === true) {
    if (isStated && sent !== true) comparer.add(sent === false ? `${what}_ADDED` : `${what}_EXTENDED`, path);
    return;
  }
  if (isLost) comparer.add(`${what}_NARROWED`, path);
  else if (taken === false) {
    if (sent !== false) comparer.add(`${what}_REMOVED`, path);
  } else if (sent === false) {
    if (isStated) comparer.add(`${what}_ADDED`, path);
  } else if (sent === true) comparer.add(`${what}_NARROWED`, path);
  else comparer.compare(sent(), taken(), path);
}

/** A schema that says nothing is as good as true. */
function withoutEmpty(rest: Rest): Rest {
  return typeof rest === 'function' && rest().kind === 'any' ? true : rest;
}

function isLess(from: Evaluated, to: Evaluated): boolean {
  const includes = (all: ReadonlySet<string>, each: ReadonlySet<string>): boolean =>
    [...each].every((one) => all.has(one));
  const keepsNames =
    to.everyName || (!from.everyName && includes(to.names, from.names) && includes(to.patterns, from.patterns));
  const keepsItems = to.everyItem || (!from.everyItem && to.items >= from.items);
  return !keepsNames || !keepsItems || !includes(to.depending, from.depending);
}

function union(names: ReadonlySet<string>, more: Iterable<string>): ReadonlySet<string> {
  return new Set([...names, ...more]);
}
