import type { AffineMap } from '#libs/stores/log';

/** What is believed of a partition on a cluster, before anybody asked the cluster. */
export interface Belief {
  /** Log offset: the records before it are on the cluster, as far as is known. */
  readonly acked: bigint;
  /** Empty before the first record. */
  readonly map: AffineMap;
  /** Whether a batch was ever sent there, by anybody. */
  readonly everOpened: boolean;
  /** The topic on the cluster is another one than the belief is about. */
  readonly recreated: boolean;
  /** Log offset: a person decided to go on with it behind whatever the cluster holds. */
  readonly acceptFrom?: bigint;
  /** Log offset: what lies before it was sent or read as sent under this lease; behind it, somebody else's records may lie. */
  readonly trusted: bigint;
}

export interface Evidence {
  readonly belief: Belief;
  /** The log of this partition in Postgres. `fresh`: its end was read after the cluster was asked. */
  readonly log: { readonly start: bigint; readonly end: bigint; readonly fresh: boolean };
  /** The leader's log end, unreplicated records included. */
  readonly clusterEnd: bigint;
  /** The sequence of our last record there; 'unknown' when the broker does not know our producer. */
  readonly lastSequence: number | 'unknown';
  /** No batch that anybody sent before can arrive any more. */
  readonly quarantined: boolean;
  /** What was found among the records at the end, once they were read. */
  readonly tail?: TailFindings;
}

/** What a walk over the records at the end of the cluster's log found, see TailWalk. */
export interface TailFindings {
  /** Cluster offset from which on nothing is unread. */
  readonly from: bigint;
  /** First cluster offset that the cluster still has. */
  readonly clusterStart: bigint;
  /**
   * What follows the last record of ours; undefined when there was none of ours. `anchored`: the first one of ours lies behind
   * the place of the record before it; otherwise that one may be lost.
   */
  readonly found?: { readonly next: bigint; readonly map: AffineMap; readonly anchored: boolean };
  /** Why the cluster's records cannot be those of Postgres. */
  readonly contradiction?: string;
}

/** Where the next record of ours should be, if nothing happened. */
export interface Anchor {
  readonly acked: bigint;
  /** The cluster offset of log offset `acked`. */
  readonly place: bigint;
  readonly map: AffineMap;
}

export type StopReason = 'ahead' | 'diverged' | 'refused';

export type LocationCause =
  | 'start'
  | 'unchanged'
  | 'answers-lost'
  | 'foreign'
  | 'truncated'
  | 'recreated'
  | 'adopted'
  | 'pruned'
  | 'accepted';

export type Location =
  /** The next record to send is log offset `offset`; it goes to `map.toCluster(offset)`, the end of the cluster's log. */
  | { readonly kind: 'at'; readonly offset: bigint; readonly map: AffineMap; readonly cause: LocationCause }
  /** Walk over the cluster's records from `from` to `to` (exclusive), then decide again. */
  | { readonly kind: 'walk'; readonly from: bigint; readonly to: bigint; readonly anchor: Anchor }
  /** Wait until nothing that was sent before can arrive, then ask again. */
  | { readonly kind: 'quarantine' }
  /** Read the end of the log in Postgres again, then decide again. */
  | { readonly kind: 'log-end' }
  | { readonly kind: 'stop'; readonly why: StopReason; readonly detail: string };
