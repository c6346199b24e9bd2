import type { ConsumerMember } from '../ports/member.ts';
import type { PartitionProgress } from '../progress/partition-progress.ts';
import type { Origin, PlannedOffset } from './origin.ts';
import { partitionKeyOf } from './partition-key.ts';

/** Why a partition is not read on. */
export type HoldReason = 'paused' | 'full' | 'ahead' | 'due';

/** What a partition's bookkeeping needs of its group. */
export interface PartitionParts {
  readonly member: ConsumerMember;
  readonly offsetsInTransaction: boolean;
  /** Told about each confirmed commit. */
  readonly committed: (partition: OwnedPartition, nextOffset: bigint) => void;
}

/**
 * One ownership of a partition, from its assignment until it is gone. What ends late still finds its own bookkeeping here and
 * not that of a later ownership.
 */
export class OwnedPartition implements Origin {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly progress: PartitionProgress;
  /** Work under way. */
  underWay = 0;
  /** A record of a retry topic is waited for until then, ms since the epoch. */
  dueAt: number | null = null;
  /** The poll during which the member's place in it was set: what that poll brings may be from before. */
  placedDuring: number;
  /** Records came although it was about to be taken away: it stays after all. */
  stays = false;
  /** To go back to between two polls. */
  rewindTo: bigint | null = null;
  readonly #parts: PartitionParts;
  readonly #holds = new Set<HoldReason>();
  readonly #ending = new AbortController();
  readonly #lost = new AbortController();

  constructor(
    parts: PartitionParts,
    place: { readonly topic: string; readonly partition: number },
    progress: PartitionProgress,
    placedDuring: number,
  ) {
    this.#parts = parts;
    this.topic = place.topic;
    this.partition = place.partition;
    this.key = partitionKeyOf(place);
    this.progress = progress;
    this.placedDuring = placedDuring;
  }

  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get isHeld(): boolean {
    return this.#holds.size > 0;
  }

  hold(reason: HoldReason): void {
    if (this.#holds.size === 0) this.#parts.member.pause([this]);
    this.#holds.add(reason);
  }

  unhold(reason: HoldReason): void {
    if (this.#holds.delete(reason) && this.#holds.size === 0) this.#parts.member.resume([this]);
  }

  unholdAll(): void {
    if (this.#holds.size > 0) this.#parts.member.resume([this]);
    this.#holds.clear();
  }

  /** Nothing further begins; what is under way may end. */
  end(): void {
    this.#ending.abort();
  }

  /** Nothing may be committed any more. */
  lose(): void {
    this.#ending.abort();
    this.#lost.abort();
  }

  async claim(): Promise<boolean> {
    return true;
  }

  planOffset(offsets: readonly bigint[]): PlannedOffset | null {
    const { member, offsetsInTransaction, committed } = this.#parts;
    const nextOffset = offsetsInTransaction ? this.progress.plan(offsets) : null;
    if (nextOffset === null) return null;
    return {
      write: (tx) => member.commit({ offsets: [{ ...this.#place(), nextOffset }], tx }),
      settle: (tookEffect) => {
        this.progress.settle(tookEffect);
        if (tookEffect) committed(this, nextOffset);
      },
    };
  }

  finish(offsets: readonly bigint[]): void {
    this.progress.finish(offsets);
  }

  #place(): { topic: string; partition: number } {
    return { topic: this.topic, partition: this.partition };
  }
}
