import type { TopicRecord } from '#libs/stores/topic';

/** What a record counts against limits in bytes: key, value and headers, and a flat amount for the rest. */
export function recordBytes(record: TopicRecord): number {
  let bytes = 500 + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of record.headers) bytes += name.length + (value?.length ?? 0);
  return bytes;
}
