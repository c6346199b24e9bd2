import type { TopicPartition } from '../../groups/topic-partition.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

/** What the leader of a group of the classic protocol has to know of a member (Kafka's ConsumerProtocolSubscription). */
export interface MemberMetadata {
  readonly topics: readonly string[];
  /** What it owns still. */
  readonly owned: readonly TopicPartition[];
  /** Of what it owns; -1 when it owns nothing, or cannot tell. */
  readonly generation: number;
}

/** The first version that tells generations, which other clients' leaders need to believe what we own. */
const VERSION = 2;
const WITH_OWNED = 1;

export function writeMetadata({ topics, owned, generation }: MemberMetadata): Buffer {
  const writer = new ByteWriter().int16(VERSION).int32(topics.length);
  for (const topic of topics) writer.string(topic);
  // No data of the assignor's own.
  return writer.int32(-1).partitions(owned).int32(generation).bytes();
}

/** Reads what any version says. Throws a RangeError for bytes that are no metadata. */
export function readMetadata(bytes: Buffer): MemberMetadata {
  const reader = new ByteReader(bytes);
  const version = reader.int16();
  const topics = Array.from({ length: reader.count() }, () => reader.string());
  reader.skipBytes();
  const owned = version >= WITH_OWNED ? reader.partitions() : [];
  return { topics, owned, generation: version >= VERSION ? reader.int32() : -1 };
}
