import type { ClusterIdentity, ClusterLease, PublishMode } from '#libs/stores/log';
import type { Clock } from '#libs/foundation/kernel';
import type { Sleep } from '#libs/foundation/lifecycle';
import type { PublisherOptions } from '../publisher-options.ts';
import type { PublisherParts } from '../publisher-parts.ts';
import type { ClusterView } from './cluster-view.ts';
import type { ExactModeDoubt } from './exact-mode-doubt.ts';
import type { LaneTable } from './lane-table.ts';
import type { LeaseGuard } from './lease-guard.ts';

/** Time as a session sees it. */
export interface SessionTime {
  /** Wall time, of records. */
  readonly clock: Clock;
  /** Monotonic ms, of leases and waits. */
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly random: () => number;
}

/** What the parts of a session share: one lease, one cluster. */
export interface SessionContext {
  readonly parts: PublisherParts;
  readonly options: PublisherOptions;
  readonly time: SessionTime;
  readonly lease: ClusterLease;
  readonly guard: LeaseGuard;
  readonly producer: NonNullable<ClusterIdentity['producer']> | null;
  readonly mode: PublishMode;
  readonly exactMode: ExactModeDoubt;
  /** Always in exact mode. */
  readonly seesLogEnds: boolean;
  readonly lanes: LaneTable;
  readonly view: ClusterView;
}
