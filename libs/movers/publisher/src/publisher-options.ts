import type { Compression } from '#libs/foundation/kafka';

export interface PublisherOptions {
  /** `auto`: exact where the cluster can, at-least-once elsewhere. `exact`: publishes nothing where it cannot. */
  readonly mode: 'auto' | 'exact' | 'at-least-once';
  /** What to do with a topic that holds records although nothing was ever published to it. */
  readonly existingRecords: 'adopt' | 'refuse';
  /** Whether topics and partitions that are missing are created. */
  readonly createTopics: boolean;
  /** Unique among all instances. */
  readonly holder: string;
  readonly info: { readonly host: string; readonly pid: number };
  /** Retention in Postgres waits for a required cluster. */
  readonly required: boolean;
  readonly compression: Compression;
  /** How long the lease lasts without a sign of life. Nothing is sent in its last `leaseMarginMs`. */
  readonly leaseMs: number;
  readonly leaseMarginMs: number;
  readonly standbyPollMs: number;
  /** How often the acked offsets are written to Postgres. */
  readonly flushMs: number;
  /** Bytes of records in memory, sent and unsent; shared evenly between the brokers. */
  readonly bufferBytes: number;
  /** A partition with more than so much in memory gets nothing more. */
  readonly laneBufferBytes: number;
  /** Limits of one read from the log. */
  readonly readBytes: number;
  readonly readRecords: number;
  /** Limits of one produce request, per broker. */
  readonly requestBytes: number;
  readonly requestsPerBroker: number;
  /** Limits of one batch; the topic's max.message.bytes lowers the first. */
  readonly batchBytes: number;
  readonly batchRecords: number;
  /** How long a batch that is not full waits for more records. */
  readonly lingerMs: number;
  /** At least what the client allows for one request: afterwards a request has arrived or never will. */
  readonly requestTimeoutMs: number;
  readonly metadataMaxAgeMs: number;
  /** A partition that sent nothing for so long is looked at again before it sends: its topic may be another one. */
  readonly quietMs: number;
  /** The longest wait for news of the log. */
  readonly pollMs: number;
  /** producer.id.expiration.ms of the brokers: they forget a producer by the timestamps of its records. */
  readonly producerExpiryMs: number;
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  /** Waits of partitions that need a change by somebody. */
  readonly blockMinMs: number;
  readonly blockMaxMs: number;
}

/** Times in ms, sizes in bytes. */
export const PUBLISHER_DEFAULTS = {
  mode: 'auto',
  existingRecords: 'adopt',
  createTopics: true,
  required: true,
  compression: 'none',
  leaseMs: 3_000,
  leaseMarginMs: 500,
  standbyPollMs: 400,
  flushMs: 200,
  bufferBytes: 64 * 1024 * 1024,
  laneBufferBytes: 4 * 1024 * 1024,
  readBytes: 8 * 1024 * 1024,
  readRecords: 20_000,
  requestBytes: 4 * 1024 * 1024,
  requestsPerBroker: 5,
  batchBytes: 900_000,
  batchRecords: 10_000,
  lingerMs: 0,
  requestTimeoutMs: 10_000,
  metadataMaxAgeMs: 30_000,
  quietMs: 5_000,
  pollMs: 1_000,
  producerExpiryMs: 86_400_000,
  retryMinMs: 50,
  retryMaxMs: 5_000,
  blockMinMs: 1_000,
  blockMaxMs: 30_000,
} as const satisfies Omit<PublisherOptions, 'holder' | 'info'>;
