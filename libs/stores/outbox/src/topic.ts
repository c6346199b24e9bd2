/** A topic of this database and its settings. */
export interface Topic {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
  /** `key`: messages of one key appear in commit order; `insert`: in order of insertion, without a lock per key. */
  readonly ordering: 'key' | 'insert';
  readonly maxMessageBytes: number;
  /** Messages are kept at least this long; null keeps them for ever. */
  readonly retentionMs: bigint | null;
  /** Whether a payload without a schema is refused; tombstones have none and pass. */
  readonly schemaRequired: boolean;
  readonly createdAt: Date;
}

/** What may be asked for when a topic is made; absent settings get the defaults of outbox.create_topic. */
export interface TopicSettings {
  readonly partitions?: number;
  readonly ordering?: 'key' | 'insert';
  readonly maxMessageBytes?: number;
  /** Null keeps messages for ever. */
  readonly retentionMs?: bigint | null;
  readonly schemaRequired?: boolean;
}
