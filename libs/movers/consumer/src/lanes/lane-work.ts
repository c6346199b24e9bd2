/** What waits for its turn. */
export interface LaneItem {
  /** One string per partition. */
  readonly partition: string;
  /** Items of one lane go one after the other; null goes whenever there is room. */
  readonly lane: string | null;
  /** Ascending within a partition. */
  readonly offset: bigint;
  readonly bytes: number;
}

/** Items of one lane that are under way together, in order. */
export interface LaneWork<T extends LaneItem> {
  readonly partition: string;
  readonly lane: string;
  readonly items: readonly T[];
}

export interface LaneLimits {
  readonly maxRecords: number;
  /** The first record may exceed it. */
  readonly maxBytes: number;
}
