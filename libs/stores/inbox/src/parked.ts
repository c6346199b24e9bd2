/** Name and value in the order they were written; names may repeat, values may be null. */
export type ParkedHeader = readonly [name: string, value: Buffer | null];

/** A record as readers of topics have it. */
export interface ParkableRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly position: bigint;
  readonly messageId: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly ParkedHeader[];
  readonly schemaId: number | null;
  readonly time: Date;
}

/** A record that waits behind a key, with its bytes as they came. */
export interface ParkedRecord {
  readonly record: ParkableRecord;
  readonly parkedAt: Date;
}

/** Messages of a topic that wait for each other, within a group. */
export interface KeyOfTopic {
  readonly group: string;
  readonly topic: string;
  readonly key: Buffer;
}

/** A key whose later messages are parked. */
export interface BlockedKey extends KeyOfTopic {
  /** The message that has to be handled or given up first; null: what is parked goes on. */
  readonly waitingFor: string | null;
  readonly blockedAt: Date;
  /** Messages behind it, counted up to 1,000. */
  readonly parked: number;
}

export interface BlockedKeyPage {
  /** The last key of the page before; default from the first on. */
  readonly after?: { readonly topic: string; readonly key: Buffer };
  /** From 1 to 1,000. */
  readonly limit: number;
}
