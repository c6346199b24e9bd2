import type { TopicPartition } from '../../groups/topic-partition.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

const VERSION = 0;

/** What the leader gives a member (Kafka's ConsumerProtocolAssignment). */
export function writeAssignment(partitions: readonly TopicPartition[]): Buffer {
  return new ByteWriter().int16(VERSION).partitions(partitions).int32(-1).bytes();
}

/** Empty bytes stand for nothing. Throws a RangeError for bytes that are no assignment. */
export function readAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return [];
  const reader = new ByteReader(bytes);
  reader.int16();
  return reader.partitions();
}
