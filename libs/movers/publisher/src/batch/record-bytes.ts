import type { TopicRecord } from '#libs/stores/topic';

/** What a record batch adds to each record at most: lengths, deltas and the headers of our own. */
const OVERHEAD = 120;

/** Upper estimate of what a record takes in a batch before compression, in bytes. */
export function recordBytes(record: TopicRecord): number {
  let bytes = OVERHEAD + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of record.headers) bytes += name.length * 3 + (value?.length ?? 0) + 8;
  return bytes;
}
