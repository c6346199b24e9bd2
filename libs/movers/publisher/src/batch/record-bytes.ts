import type { TopicRecord } from '#libs/stores/topic';

/** What a record takes beside its data, roughly: objects, and the headers that are added for the cluster. */
const OVERHEAD = 200;

/** What a record takes in memory, in bytes; for bounds, not for sizes of batches. */
export function recordBytes(record: TopicRecord): number {
  let bytes = OVERHEAD + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of record.headers) bytes += name.length + (value?.length ?? 0);
  return bytes;
}
