/** What Java's HashMap starts with, and the share of its buckets that it fills before it doubles them. */
const BUCKETS_MIN = 16;
const LOAD = 0.75;

/**
 * Items in the order in which Java's HashMap lists them by their keys, when they were put in one by one with `merge`. Confluent
 * collects the options of a part that it tags in such a map, and prints them as they come out: only so is the text the same.
 */
export function inHashMapOrder<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  // The table grows when an item comes and it is over its load already.
  let buckets = BUCKETS_MIN;
  while (items.length - 1 > buckets * LOAD) buckets *= 2;
  const placed = items.map((item, index) => ({ item, index, bucket: spread(hashCode(keyOf(item))) & (buckets - 1) }));
  // Of several in one bucket the last one stands first: `merge` puts a new entry before the others.
  return placed.sort((a, b) => a.bucket - b.bucket || b.index - a.index).map(({ item }) => item);
}

/** String.hashCode */
function hashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

function spread(hash: number): number {
  return hash ^ (hash >>> 16);
}
