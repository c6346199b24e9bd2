/** A retry topic or a dlq, and the topic whose messages it takes. */
export interface SideTopic {
  readonly topic: string;
  readonly source: string;
}

export interface PartitionEnd {
  readonly partition: number;
  /** Offset after the last record. */
  readonly endOffset: bigint;
}

/** The topics of the transport. */
export interface Topics {
  /** Names of all topics; asked every few seconds, only when a subscription has patterns. */
  list(): Promise<readonly string[]>;
  /**
   * Creates those that are missing, with as many partitions as the source, and room for 16 KiB of headers more than the
   * source allows. Sources that do not exist yet are passed over.
   */
  ensure(topics: readonly SideTopic[]): Promise<void>;
  /** For lag. Empty when the topic does not exist. */
  ends(topic: string): Promise<readonly PartitionEnd[]>;
}
