import { matchesName } from './match-name.ts';
import type { Child, ObjectShape, Shape } from './shape.ts';

/** What a schema says of a property that it does not declare: anything goes, it may not be there, or the schemas it has to fit. */
export type Governing = true | false | readonly Child[];

/** What is certain of the values that a writer sends under a name: they fit all of the schemas listed. */
export function certainOf(name: string, writer: ObjectShape): Governing {
  const { certain, doubtful } = matching(name, writer);
  if (certain.length > 0) return certain;
  return doubtful.length > 0 ? [UNDECIDED] : rest(writer);
}

/** What a reader may ask of values under a name: all of the schemas listed have to accept them. */
export function demandedOf(name: string, reader: ObjectShape): Governing {
  const { certain, doubtful } = matching(name, reader);
  if (certain.length > 0) return [...certain, ...doubtful];
  const others = rest(reader);
  if (doubtful.length === 0) return others;
  if (others === true) return doubtful;
  return others === false ? [...doubtful, () => NOTHING] : [...doubtful, ...others];
}

/** Stands for values of which nothing is known: only a schema that accepts everything accepts them. */
const UNKNOWN: Shape = { kind: 'any', notes: {} };
const UNDECIDED: Child = () => UNKNOWN;
const NOTHING: Shape = { kind: 'never', notes: {} };

function rest({ additional }: ObjectShape): Governing {
  return typeof additional === 'boolean' ? additional : [additional];
}

function matching(name: string, { patterns }: ObjectShape): { readonly certain: Child[]; readonly doubtful: Child[] } {
  const certain: Child[] = [];
  const doubtful: Child[] = [];
  for (const [pattern, schema] of patterns) {
    const matches = matchesName(pattern, name);
    if (matches === true) certain.push(schema);
    if (matches === undefined) doubtful.push(schema);
  }
  return { certain, doubtful };
}
