import type { TopicRecord } from './record.ts';

/** The next record that is wanted of a partition. */
export interface RunStart {
  readonly topicId: number;
  readonly partition: number;
  readonly offset: bigint;
}

/** Consecutive records of one partition, from the offset that was asked for; at least one. */
export interface FoundRun extends RunStart {
  readonly records: readonly TopicRecord[];
}
