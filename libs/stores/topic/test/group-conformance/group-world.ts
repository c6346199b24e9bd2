import type { GroupCoordinator, RecordSource } from '../../src/groups/ports.ts';

/** What one member needs; each has its own. */
export interface Connection {
  readonly coordinator: GroupCoordinator;
  readonly source: RecordSource;
  close(): Promise<void>;
}

/** A transport with groups, as the shared tests see it. */
export interface GroupWorld {
  createTopic(topic: string, partitions: number): Promise<void>;
  /** Appends records, with the time of now; resolves when they can be read. */
  write(topic: string, partition: number, count: number): Promise<void>;
  connect(): Promise<Connection>;
  /** What a group has committed, by partition. */
  committed(group: string, topic: string): Promise<ReadonlyMap<number, bigint>>;
  /** How long the transport waits for a silent member, ms. */
  readonly sessionTimeoutMs: number;
  stop(): Promise<void>;
}
