import type { Attempt, Change, Comparer } from './comparer.ts';
import type { Shape } from './shape.ts';

export interface Match {
  /** Places in the two lists. */
  readonly writer: number;
  readonly reader: number;
  readonly attempt: Attempt;
}

/**
 * Finds partners: as many pairs as can be had of a writer's and a reader's schema that accepts what the first does, each
 * used once. Schemas that did not change are paired first, so that the order of the list does not matter and a change is
 * reported where it was made.
 */
export function matchParts(
  writers: readonly Shape[],
  readers: readonly Shape[],
  comparer: Comparer,
): { readonly matches: readonly Match[]; readonly because: readonly Change[] } {
  const attempts = writers.map(() => new Map<number, Attempt>());
  const readerOf = new Map<number, number>();
  const writerOf = new Map<number, number>();
  const attempt = (writer: number, reader: number): Attempt => {
    const known = attempts[writer]!.get(reader) ?? comparer.attempt(writers[writer]!, readers[reader]!);
    attempts[writer]!.set(reader, known);
    return known;
  };
  const pair = (writer: number, reader: number): void => {
    readerOf.set(writer, reader);
    writerOf.set(reader, writer);
  };
  const isUnchanged = (writer: number, reader: number): boolean =>
    !writerOf.has(reader) && attempt(writer, reader).changes.length === 0;
  // The same place first: the usual case, and then nothing else has to be compared.
  for (const place of writers.keys()) {
    if (place < readers.length && isUnchanged(place, place)) pair(place, place);
  }
  for (const writer of writers.keys()) {
    const unchanged = readerOf.has(writer) ? -1 : readers.findIndex((_, reader) => isUnchanged(writer, reader));
    if (unchanged >= 0) pair(writer, unchanged);
  }
  for (const writer of writers.keys()) {
    if (!readerOf.has(writer)) augment(writer, new Set());
  }
  const matches = [...readerOf].map(([writer, reader]) => ({ writer, reader, attempt: attempt(writer, reader) }));
  return { matches, because: closest() };

  /** What keeps the first schema without a partner from the reader's schema that is the most like it. */
  function closest(): readonly Change[] {
    const writer = writers.findIndex((_, index) => !readerOf.has(index));
    const free = [...readers.keys()].filter((reader) => !writerOf.has(reader));
    if (writer < 0 || free.length === 0) return [];
    const breaking = free.map((reader) => attempt(writer, reader).changes);
    return breaking.find((changes) => !changes.some(({ type }) => type === 'TYPE_CHANGED')) ?? breaking[0]!;
  }

  /** Kuhn's algorithm: gives the writer a partner, moving others to another one where that helps. */
  function augment(writer: number, tried: Set<number>): boolean {
    const candidates = [...readers.keys()]
      .filter((reader) => attempt(writer, reader).compatible)
      .sort((a, b) => attempt(writer, a).changes.length - attempt(writer, b).changes.length);
    for (const reader of candidates) {
      if (tried.has(reader)) continue;
      tried.add(reader);
      const holder = writerOf.get(reader);
      if (holder === undefined || augment(holder, tried)) {
        pair(writer, reader);
        return true;
      }
    }
    return false;
  }
}
