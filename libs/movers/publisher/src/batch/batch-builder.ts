import { type KafkaRecord, RECORD_BATCH_OVERHEAD, recordBytes as encodedBytes } from '#libs/foundation/kafka';
import { clampTime, type TopicRecord } from '#libs/stores/topic';
import type { Lane } from '../lane/lane.ts';
import type { SentBatch } from '../lane/sent-batch.ts';
import type { SessionContext } from '../session/session-context.ts';
import { timeWindow, type TopicLimits } from '../topics/topic-limits.ts';
import { tooLargeRecord } from './too-large-record.ts';

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
  const nowMs = time.clock.now();
  const window = lane.clampAll ? { earliestMs: nowMs - CLAMP_ALL_MS, latestMs: nowMs } : timeWindow(limits, nowMs);
  const capped = lane.cap !== undefined && from < lane.cap.before;
  const maxRecords = capped ? Math.min(lane.cap!.records, options.batchRecords) : options.batchRecords;
  let room = Math.min(options.batchBytes, limits.maxMessageBytes) - RECORD_BATCH_OVERHEAD;
  let clamped = 0;
  const encoded: KafkaRecord[] = [];
  const { records, bytes } = lane.queue.cut((record) => {
    if (encoded.length >= maxRecords) return false;
    const kept = lane.placeholders.has(from + BigInt(encoded.length)) ? tooLargeRecord(record) : record;
    const plain = parts.recordFor(kept, lane.start.clusterTopic);
    const result = clampTime(plain, window);
    room -= encodedBytes(result);
    if (room < 0 && encoded.length > 0) return false;
    if (result !== plain) clamped += 1;
    encoded.push(result);
    return true;
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

/** How old a timestamp may be for a broker that refused one although its configs name no limit. */
const CLAMP_ALL_MS = 3_600_000;
