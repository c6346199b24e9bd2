/**
 * A run of records of one partition on one cluster: `cluster offset = log offset + delta` and
 * `sequence = (log offset + sequenceDelta) mod 2^31`, from a log offset on, until the next segment begins.
 *
 * Both are 0 unless something happened. A record of a foreign writer moves the offsets behind it, but not the sequences:
 * the broker knows ours by their order alone. Pruned history moves both.
 */
export interface Segment {
  readonly fromOffset: bigint;
  readonly delta: bigint;
  readonly sequenceDelta: bigint;
  readonly reason: SegmentReason;
}

export type SegmentReason =
  | 'start'
  /** Another producer wrote into the topic. */
  | 'foreign'
  /** The log no longer has the records that the cluster lacks. */
  | 'pruned'
  /** The topic was deleted and created again. */
  | 'recreated'
  /** The cluster lost records that cannot be put back at their offsets. */
  | 'truncated'
  /** The topic held records before it was published to for the first time. */
  | 'adopted';
