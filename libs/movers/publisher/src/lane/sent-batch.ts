/** A batch on its way: log offsets from `from` (inclusive) to `to` (exclusive). */
export interface SentBatch {
  readonly from: bigint;
  readonly to: bigint;
  readonly records: number;
  /** Of the records in memory. */
  readonly bytes: number;
  /** Position of the last record. */
  readonly lastPosition: bigint;
  /** So old that the broker may forget the producer while the batch is new. */
  readonly fragile: boolean;
  answer: BatchAnswer | undefined;
}

export interface BatchAnswer {
  /** Kafka's error code; -2 when no answer came. */
  readonly errorCode: number;
  readonly baseOffset: bigint;
  readonly detail: string | null;
}
