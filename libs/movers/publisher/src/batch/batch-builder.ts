import type { KafkaRecord } from '#libs/foundation/kafka';
import { placeholderOf, type TopicRecord } from '#libs/stores/topic';
import type { Lane } from '../lane/lane.ts';
import type { SentBatch } from '../lane/sent-batch.ts';
import type { SessionContext } from '../session/session-context.ts';
import { clampTimestamp, type TimestampLimits } from './clamp-timestamp.ts';

/** What a topic on the cluster takes, by its configs. */
export interface TopicLimits {
  /** Bytes of a batch after compression. */
  readonly batchBytes: number;
  readonly timestamps: TimestampLimits;
}

export interface BuiltBatch {
  readonly batch: SentBatch;
  readonly bytes: Buffer;
  /** Records whose timestamps were changed. */
  readonly clamped: number;
}

/** Whether the broker may forget the producer of a batch that begins with this record while it is new. */
export function isFragile(record: TopicRecord, producerExpiryMs: number, wallMs: number): boolean {
  return record.time.getTime() < wallMs - producerExpiryMs / 2;
}

/**
 * Cuts the next batch off a lane's queue and encodes it for its place. The same records give the same bytes, apart from
 * clamped timestamps. Throws what the functions for records and encoding throw.
 */
export function buildBatch(lane: Lane, fragile: boolean, limits: TopicLimits, context: SessionContext): BuiltBatch {
  const { options, parts, producer, time } = context;
  const from = lane.sendNext;
  const capped = lane.cap !== undefined && from < lane.cap.before;
  const maxRecords = capped ? Math.min(lane.cap!.records, options.batchRecords) : options.batchRecords;
  const { records, bytes } = lane.queue.cut({
    maxBytes: Math.min(options.batchBytes, limits.batchBytes),
    maxRecords,
  });
  const timestamps = lane.clampAll ? CLAMP_ALL : limits.timestamps;
  const nowMs = time.clock.now();
  let clamped = 0;
  const encoded = records.map((record, index): KafkaRecord => {
    const kept = lane.placeholders.has(from + BigInt(index)) ? tooLarge(record) : record;
    const plain = parts.recordFor(kept, lane.start.clusterTopic);
    const result = clampTimestamp(plain, timestamps, nowMs);
    if (result !== plain) clamped += 1;
    return result;
  });
  const place =
    lane.start.exact && producer !== null
      ? { producerId: producer.id, producerEpoch: producer.epoch, baseSequence: lane.map.sequenceOf(from) }
      : undefined;
  const { compression } = options;
  return {
    batch: {
      from,
      to: from + BigInt(records.length),
      records: records.length,
      bytes,
      lastPosition: records.at(-1)!.position,
      fragile,
      answer: undefined,
    },
    bytes: parts.encodeBatch(encoded, place === undefined ? { compression } : { place, compression }),
    clamped,
  };
}

/** What a broker takes that refused a timestamp although its configs name no limit. */
const CLAMP_ALL: TimestampLimits = { beforeMs: 3_600_000, afterMs: 0 };

function tooLarge(record: TopicRecord): TopicRecord {
  return placeholderOf(record, 'too-large', 'larger than the cluster takes; the message itself is in the log');
}
