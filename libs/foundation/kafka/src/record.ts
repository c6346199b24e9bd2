/** A record as it lies in a Kafka topic. */
export interface KafkaRecord {
  readonly key: Buffer | null;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
  /** Name and value in their order; names may repeat. */
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
  /** CreateTime in ms since the epoch. */
  readonly timestampMs: number;
}

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** How a batch is appended under a producer's identity: the broker accepts it only behind the sequence before it. */
export interface ProducerPlace {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Sequence of the first record, 0 to 2^31 - 1; those of the others follow and wrap to 0. */
  readonly baseSequence: number;
}

/** A record with its place, as fetched. */
export interface FetchedRecord extends KafkaRecord {
  readonly offset: bigint;
  /** The producer that appended it; -1 when it was not idempotent. */
  readonly producerId: bigint;
  /** Its sequence under that producer; -1 without one. */
  readonly sequence: number;
}
