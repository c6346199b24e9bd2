import { assert } from '#libs/foundation/kernel';
import type { LaneItem, LaneLimits, LaneWork } from './lane-work.ts';
import { PartitionLanes } from './partition-lanes.ts';

/**
 * Records that wait for a handler, bounded by whoever adds them (`size`, `bytes`). Of a lane there is never more than one
 * piece of work under way, and its items go in order. Partitions take turns; within one the oldest that is free goes first, so that
 * a key with many messages holds up no other.
 */
export class KeyLanes<T extends LaneItem> {
  readonly #partitions = new Map<string, PartitionLanes<T>>();
  /** In turn; the first one is asked first. */
  #turns: string[] = [];
  #size = 0;
  #bytes = 0;

  /** Items that wait or are under way. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(item: T): void {
    let lanes = this.#partitions.get(item.partition);
    if (lanes === undefined) {
      lanes = new PartitionLanes(item.partition);
      this.#partitions.set(item.partition, lanes);
      this.#turns.push(item.partition);
    }
    lanes.add(item);
    this.#count([item], 1);
  }

  /** The next work, or undefined when nothing is free. `release` or `requeue` has to follow. */
  next(limits: LaneLimits): LaneWork<T> | undefined {
    for (let turn = 0; turn < this.#turns.length; turn += 1) {
      const partition = this.#turns[turn]!;
      const work = this.#partitions.get(partition)!.next(limits);
      if (work === undefined) continue;
      this.#turns = [...this.#turns.slice(0, turn), ...this.#turns.slice(turn + 1), partition];
      return work;
    }
    return undefined;
  }

  /** The work has ended, in whatever way; the next of its lane is free. */
  release(work: LaneWork<T>): void {
    this.#lanesOf(work).release(work);
    this.#count(work.items, -1);
    this.#forgetEmpty(work.partition);
  }

  /**
   * Puts what is left of work (`items`, at its end) back at the head of its lane. With `defer`, behind all other lanes of the
   * partition. What was dropped meanwhile does not come back.
   */
  requeue(work: LaneWork<T>, items: readonly T[], options: { readonly defer: boolean }): void {
    const kept = this.#lanesOf(work).requeue(work, items, options.defer);
    this.#count(kept ? work.items.slice(0, work.items.length - items.length) : work.items, -1);
    this.#forgetEmpty(work.partition);
  }

  /** Forgets what waits of a partition. Work that is under way still holds its lane until it is released. */
  drop(partition: string): void {
    const lanes = this.#partitions.get(partition);
    if (lanes === undefined) return;
    this.#count(lanes.drop(), -1);
    this.#forgetEmpty(partition);
  }

  #lanesOf(work: LaneWork<T>): PartitionLanes<T> {
    const lanes = this.#partitions.get(work.partition);
    assert(lanes !== undefined, `work of ${work.partition} ended twice`);
    return lanes;
  }

  #count(items: readonly T[], sign: 1 | -1): void {
    this.#size += sign * items.length;
    for (const item of items) this.#bytes += sign * item.bytes;
  }

  #forgetEmpty(partition: string): void {
    if (this.#partitions.get(partition)?.isEmpty !== true) return;
    this.#partitions.delete(partition);
    this.#turns = this.#turns.filter((turn) => turn !== partition);
  }
}
