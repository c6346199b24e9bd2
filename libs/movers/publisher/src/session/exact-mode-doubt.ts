import type { Lane } from '../lane/lane.ts';
import { NO_FIRST_SEQUENCE } from './choose-mode.ts';
import type { LaneTable } from './lane-table.ts';

/** Lanes in these phases may still be found ahead of Postgres, or to hold other records than it. */
const UNDECIDED = ['locating', 'quarantine', 'opening'] as const;

/** What speaks against exact mode on a cluster that seemed to be able to do it. */
export class ExactModeDoubt {
  #refused: { readonly lane: Lane; readonly reason: string } | undefined;

  /** A broker has refused the first sequence of a lane for good; `error` is Kafka's name of its answer. */
  refusedBy(lane: Lane, error: string): void {
    const where = `${error} for ${lane.start.clusterTopic}/${lane.start.partition}`;
    const reason = `${NO_FIRST_SEQUENCE} (${where}); remove the cluster to begin anew with exact mode`;
    this.#refused = { lane, reason };
  }

  /**
   * Why exact mode is to be left now; undefined while there is no reason to, and while it may not be: what stopped waits for
   * a person, and without sequences it would be published over what the cluster holds.
   */
  reasonToLeave(lanes: LaneTable): string | undefined {
    // Meanwhile the lane may have got through, on brokers that were replaced.
    if (this.#refused === undefined || this.#refused.lane.firstRefusals === 0) return undefined;
    if (lanes.in('stopped').size > 0 || UNDECIDED.some((phase) => lanes.in(phase).size > 0)) return undefined;
    return [...lanes.in('unlocated')].some((lane) => lane.everOpened) ? undefined : this.#refused.reason;
  }
}
