import { createHash } from 'node:crypto';

/** Where a record lies on a cluster. */
export interface RecordPlace {
  /** The cluster's name here. */
  readonly cluster: string;
  readonly topic: string;
  /** Another one when the topic was created again; null where the cluster has none. */
  readonly topicId: string | null;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
}

/**
 * The message id of a record that carries none: a UUID (version 8) of its place, the same whenever the record is read.
 * The timestamp is part of it because a log that has lost its end gives its offsets to other records.
 */
export function foreignMessageId(place: RecordPlace): string {
  const { cluster, topic, topicId, partition, offset, timestampMs } = place;
  const text = JSON.stringify([cluster, topic, topicId, partition, offset.toString(), timestampMs]);
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
