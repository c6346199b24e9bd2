import type { RecordBatchWriter } from '#libs/foundation/kafka';
import type { KafkaRecordPlan } from './kafka/kafka-record.ts';
import type { TopicRecord } from './record.ts';

/**
 * Records of one partition in their order, as they were read, to be taken from the front: one who sends them on needs few of
 * their fields, and no objects.
 */
export interface StoredRecords {
  /** Those that are left. */
  readonly count: number;
  /** What they take in memory, about. */
  readonly bytes: number;
  /** When the first one was written, in ms since the epoch. There is a first one; so for all that follow. */
  readonly firstTimeMs: number;
  /** Its position, as a number. */
  readonly firstPosition: number;
  /** Position of the last one. */
  readonly lastPosition: number;
  /** The first one itself; it may share memory with the rest. */
  first(): TopicRecord;
  /** Adds the first one to a batch, as kafkaRecordOf makes it. False, and nothing is changed, when there is no room. */
  writeFirst(batch: RecordBatchWriter, plan: KafkaRecordPlan): boolean;
  /** Goes on to the next one. */
  advance(): void;
  /** Gets bytes of its own, so that waiting keeps nothing in memory that was read together with it. */
  detach(): void;
}
