/** A record as another program read it. */
export interface ReadRecord {
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since 1970. */
  readonly timestamp: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In their order; a name may come twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface RecordsToRead {
  readonly bootstrap: string;
  readonly topic: string;
  /** Default 0. */
  readonly partition?: number;
  /** Where to begin. Default 0. */
  readonly offset?: bigint;
  /** How many; fewer within 30 s is an error. */
  readonly count: number;
}
