import type { Slice } from '../registry.ts';

/** The part of a list that was asked for; a limit of 0 or less means all of it. */
export function sliceOf<T>(list: readonly T[], { offset, limit }: Slice): T[] {
  const from = Math.max(offset, 0);
  return list.slice(from, limit > 0 ? from + limit : undefined);
}
