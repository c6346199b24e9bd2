import type { Comparer } from './comparer.ts';
import { matchesName, matchingCost } from './match-name.ts';
import type { ArrayShape, Child, ObjectShape, Rest, Shape } from './shape.ts';

/** What a schema says of a property that it does not declare: anything goes, it may not be there, or the schemas it has to fit. */
export type Governing = true | false | readonly Child[];

/** What is certain of the values that a writer sends under a name: they fit all of the schemas listed. */
export function certainOf(name: string, writer: ObjectShape, comparer: Comparer): Governing {
  const { certain, doubtful } = matching(name, writer.patterns.entries(), comparer);
  if (certain.length > 0) return certain;
  if (doubtful.length > 0) return [UNDECIDED];
  const { additional, unevaluated } = writer;
  if (additional !== true || unevaluated === undefined) return governing(additional);
  const { names, patterns, everyName } = unevaluated.elsewhere().possible;
  const isElsewhere =
    everyName || names.has(name) || [...patterns].some((each) => matches(each, name, comparer) !== false);
  return isElsewhere ? true : governing(unevaluated.rest);
}

/** What a reader may ask of values under a name: all of the schemas listed have to accept them. */
export function demandedOf(name: string, reader: ObjectShape, comparer: Comparer): Governing {
  const { certain, doubtful } = matching(name, reader.patterns.entries(), comparer);
  if (certain.length > 0) return [...certain, ...doubtful];
  const others = governing(restTaken(reader, name));
  if (doubtful.length === 0) return others;
  if (others === true) return doubtful;
  return others === false ? [...doubtful, () => NOTHING] : [...doubtful, ...others];
}

/** What a writer sends under names that it does not declare, whatever they are. */
export function restSent({ additional, unevaluated }: ObjectShape): Rest {
  if (additional !== true || unevaluated === undefined) return additional;
  const { names, patterns, everyName } = unevaluated.elsewhere().possible;
  return everyName || names.size > 0 || patterns.size > 0 ? true : unevaluated.rest;
}

/** What a reader takes under a name that it does not declare, or under any such name. */
export function restTaken({ additional, unevaluated }: ObjectShape, name?: string): Rest {
  if (additional !== true || unevaluated === undefined) return additional;
  const { names, everyName } = unevaluated.elsewhere();
  return everyName || (name !== undefined && names.has(name)) ? true : unevaluated.rest;
}

/** What a writer sends after its tuple, at any place. */
export function itemsSent({ additional, unevaluated }: ArrayShape): Rest {
  if (additional !== true || unevaluated === undefined) return additional;
  return unevaluated.elsewhere().possible.items ? true : unevaluated.rest;
}

/** What a reader takes at a place after its tuple. */
export function itemsTaken({ additional, unevaluated }: ArrayShape, place: number): Rest {
  if (additional !== true || unevaluated === undefined) return additional;
  const { items, everyItem } = unevaluated.elsewhere();
  return everyItem || place < items ? true : unevaluated.rest;
}

/** Stands for values of which nothing is known: only a schema that accepts everything accepts them. */
const UNKNOWN: Shape = { kind: 'any', notes: {} };
const UNDECIDED: Child = () => UNKNOWN;
const NOTHING: Shape = { kind: 'never', notes: {} };

function governing(rest: Rest): Governing {
  return typeof rest === 'boolean' ? rest : [rest];
}

function matching(
  name: string,
  patterns: Iterable<readonly [string, Child]>,
  comparer: Comparer,
): { readonly certain: Child[]; readonly doubtful: Child[] } {
  const certain: Child[] = [];
  const doubtful: Child[] = [];
  for (const [pattern, schema] of patterns) {
    const found = matches(pattern, name, comparer);
    if (found === true) certain.push(schema);
    if (found === undefined) doubtful.push(schema);
  }
  return { certain, doubtful };
}

/** Whether a pattern is found in a name, counted as work. */
export function matches(pattern: string, name: string, comparer: Comparer): boolean | undefined {
  comparer.spend(matchingCost(pattern, name));
  return matchesName(pattern, name);
}
