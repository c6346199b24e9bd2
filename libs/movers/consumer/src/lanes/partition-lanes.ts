import { assert } from '#libs/foundation/kernel';
import type { LaneItem, LaneLimits, LaneWork } from './lane-work.ts';
import { MinHeap } from './min-heap.ts';

interface Lane<T extends LaneItem> {
  readonly name: string;
  waiting: T[];
  underWay: LaneWork<T> | null;
}

/** The lanes of one partition; see KeyLanes. */
export class PartitionLanes<T extends LaneItem> {
  readonly #partition: string;
  readonly #lanes = new Map<string, Lane<T>>();
  /** Lanes with something in them and nothing under way, the oldest first. */
  readonly #free = new MinHeap<Lane<T>>((a, b) => a.waiting[0]!.offset < b.waiting[0]!.offset);
  /** The same, whose work was put back to let others go first. */
  #deferred: Lane<T>[] = [];
  /** Work from before the last drop. */
  readonly #dropped = new WeakSet<LaneWork<T>>();

  constructor(partition: string) {
    this.#partition = partition;
  }

  get isEmpty(): boolean {
    return this.#lanes.size === 0;
  }

  add(item: T): void {
    // Keys are told from offsets by their first character.
    const name = item.lane === null ? `#${item.offset}` : `k${item.lane}`;
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = { name, waiting: [], underWay: null };
      this.#lanes.set(name, lane);
    }
    lane.waiting.push(item);
    if (lane.underWay === null && lane.waiting.length === 1) this.#free.push(lane);
  }

  next(limits: LaneLimits): LaneWork<T> | undefined {
    if (this.#free.size === 0) this.#recall();
    const lane = this.#free.pop();
    if (lane === undefined) return undefined;
    let count = 0;
    for (let bytes = 0; count < Math.min(limits.maxRecords, lane.waiting.length); count += 1) {
      bytes += lane.waiting[count]!.bytes;
      if (count > 0 && bytes > limits.maxBytes) break;
    }
    const work = { partition: this.#partition, lane: lane.name, items: lane.waiting.slice(0, count) };
    lane.waiting = lane.waiting.slice(count);
    lane.underWay = work;
    return work;
  }

  release(work: LaneWork<T>): void {
    const lane = this.#end(work);
    if (lane.waiting.length === 0) this.#lanes.delete(lane.name);
    else this.#free.push(lane);
  }

  /** False when the work was dropped meanwhile and is only released. */
  requeue(work: LaneWork<T>, items: readonly T[], defer: boolean): boolean {
    if (this.#dropped.has(work)) {
      this.release(work);
      return false;
    }
    const lane = this.#end(work);
    lane.waiting = [...items, ...lane.waiting];
    if (defer) this.#deferred.push(lane);
    else this.#free.push(lane);
    return true;
  }

  /** Forgets what waits, and answers it. */
  drop(): T[] {
    const gone: T[] = [];
    for (const lane of this.#lanes.values()) {
      gone.push(...lane.waiting);
      lane.waiting = [];
      if (lane.underWay === null) this.#lanes.delete(lane.name);
      else this.#dropped.add(lane.underWay);
    }
    this.#free.clear();
    this.#deferred = [];
    return gone;
  }

  #recall(): void {
    for (const lane of this.#deferred) this.#free.push(lane);
    this.#deferred = [];
  }

  #end(work: LaneWork<T>): Lane<T> {
    const lane = this.#lanes.get(work.lane);
    assert(lane?.underWay === work, `work of ${work.partition} ended twice`);
    lane.underWay = null;
    return lane;
  }
}
