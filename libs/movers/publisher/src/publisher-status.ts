import type { PublishMode } from '#libs/stores/log';
import type { LanePhase } from './lane/lane-phase.ts';

export interface LaneStatus {
  readonly topic: string;
  readonly clusterTopic: string;
  readonly partition: number;
  readonly phase: LanePhase;
  /** Log offsets: the records before it are on the cluster; where the log ends. */
  readonly ackedOffset: bigint;
  readonly endOffset: bigint;
  /** Cluster offset minus log offset of the newest record; null before the first. */
  readonly delta: bigint | null;
  readonly segments: number;
  /** Batches on their way. */
  readonly inFlight: number;
  readonly bufferedBytes: number;
  readonly trouble: string | null;
}

export interface PublisherStatus {
  readonly state: 'standby' | 'publishing' | 'stopped';
  readonly term: bigint | null;
  readonly mode: PublishMode | null;
  readonly modeReason: string | null;
  /** Why the cluster as a whole is not published to; null while it is. */
  readonly trouble: string | null;
  readonly lanes: readonly LaneStatus[];
  /** Lanes left out, so that the answer stays bounded. */
  readonly lanesLeftOut: number;
  readonly refusedTopics: readonly { readonly topicId: number; readonly detail: string }[];
}
