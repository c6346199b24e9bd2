import type { Lane } from '../lane/lane.ts';
import type { LanePhase } from '../lane/lane-phase.ts';

const PHASES = ['unlocated', 'locating', 'quarantine', 'opening', 'open', 'settling', 'blocked', 'stopped'] as const;

/** All lanes of a cluster, by their place in the log and by their phase. */
export class LaneTable {
  readonly #byPlace = new Map<string, Lane>();
  readonly #byPhase = new Map<LanePhase, Set<Lane>>(PHASES.map((phase) => [phase, new Set<Lane>()]));

  add(lane: Lane): void {
    this.#byPlace.set(placeOf(lane.start.topicId, lane.start.partition), lane);
    this.in(lane.phase).add(lane);
  }

  get(topicId: number, partition: number): Lane | undefined {
    return this.#byPlace.get(placeOf(topicId, partition));
  }

  all(): IterableIterator<Lane> {
    return this.#byPlace.values();
  }

  in(phase: LanePhase): Set<Lane> {
    return this.#byPhase.get(phase)!;
  }

  /** Lanes take turns: one that was served comes last in its phase. */
  toTheEnd(lane: Lane): void {
    const lanes = this.in(lane.phase);
    if (lanes.delete(lane)) lanes.add(lane);
  }

  /** To be called after each change of a phase. */
  moved(lane: Lane, from: LanePhase): void {
    this.in(from).delete(lane);
    this.in(lane.phase).add(lane);
  }
}

function placeOf(topicId: number, partition: number): string {
  return `${topicId}/${partition}`;
}
