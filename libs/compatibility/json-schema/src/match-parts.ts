import type { Comparer } from './comparer.ts';
import { type Findings, NOTHING_FOUND } from './findings.ts';
import type { Shape } from './shape.ts';

export interface Match {
  /** Places in the two lists. */
  readonly writer: number;
  readonly reader: number;
  readonly attempt: Findings;
}

/**
 * Finds partners: as many pairs as can be had of a writer's and a reader's schema that accepts what the first does, each
 * used once. Schemas that did not change are paired first, so that the order of the list does not matter and a change is
 * reported where it was made; those whose text is the same are found without comparing each with each.
 */
export function matchParts(
  writers: readonly Shape[],
  readers: readonly Shape[],
  comparer: Comparer,
): { readonly matches: readonly Match[]; readonly because: Findings } {
  const readerOf = new Map<number, number>();
  const writerOf = new Map<number, number>();
  const attempt = (writer: number, reader: number): Findings => comparer.attempt(writers[writer]!, readers[reader]!);
  const pairIfUnchanged = (writer: number, reader: number): boolean => {
    if (readerOf.has(writer) || writerOf.has(reader) || attempt(writer, reader).size > 0) return false;
    pair(writer, reader);
    return true;
  };
  const pair = (writer: number, reader: number): void => {
    readerOf.set(writer, reader);
    writerOf.set(reader, writer);
  };
  // The same place first: the usual case, and then nothing else has to be compared.
  for (const place of writers.keys()) if (place < readers.length) pairIfUnchanged(place, place);
  if (readerOf.size < writers.length) {
    const alike = placesByText(readers, comparer);
    for (const [writer, shape] of writers.entries()) {
      if (readerOf.has(writer)) continue;
      alike.get(textOf(shape, comparer))?.some((reader) => pairIfUnchanged(writer, reader));
    }
  }
  for (const writer of writers.keys()) {
    if (!readerOf.has(writer)) readers.some((_, reader) => pairIfUnchanged(writer, reader));
  }
  const accepting = new Map<number, readonly number[]>();
  for (const writer of writers.keys()) {
    if (!readerOf.has(writer)) augment(writer, new Set());
  }
  const matches = [...readerOf].map(([writer, reader]) => ({ writer, reader, attempt: attempt(writer, reader) }));
  return { matches, because: closest() };

  /** What keeps the first schema without a partner from the reader's schema that is the most like it. */
  function closest(): Findings {
    const writer = writers.findIndex((_, index) => !readerOf.has(index));
    const free = [...readers.keys()].filter((reader) => !writerOf.has(reader));
    if (writer < 0 || free.length === 0) return NOTHING_FOUND;
    const breaking = free.map((reader) => attempt(writer, reader));
    const isOther = (found: Findings): boolean => found.list(10).some(({ type }) => type === 'TYPE_CHANGED');
    return breaking.find((found) => !isOther(found)) ?? breaking[0]!;
  }

  /** Kuhn's algorithm: gives the writer a partner, moving others to another one where that helps. */
  function augment(writer: number, tried: Set<number>): boolean {
    for (const reader of acceptingOf(writer)) {
      comparer.spend(1);
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

  /** The reader's schemas that accept what the writer's does, from the one that changes least. */
  function acceptingOf(writer: number): readonly number[] {
    const known = accepting.get(writer);
    if (known !== undefined) return known;
    const found = [...readers.keys()]
      .filter((reader) => attempt(writer, reader).compatible)
      .sort((a, b) => attempt(writer, a).size - attempt(writer, b).size);
    accepting.set(writer, found);
    return found;
  }
}

function placesByText(
  shapes: readonly Shape[],
  comparer: Comparer,
): ReadonlyMap<string | undefined, readonly number[]> {
  const places = new Map<string | undefined, number[]>();
  for (const [place, shape] of shapes.entries()) {
    const text = textOf(shape, comparer);
    const alike = places.get(text);
    if (alike !== undefined) alike.push(place);
    else if (text !== undefined) places.set(text, [place]);
  }
  return places;
}

function textOf({ text }: Shape, comparer: Comparer): string | undefined {
  const found = text?.();
  comparer.spend((found?.length ?? 0) / 64);
  return found;
}
