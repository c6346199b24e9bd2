import { type OwnedPartition as MemberPartition, type TopicPartition } from '#libs/stores/topic';
import { PartitionProgress } from '../progress/partition-progress.ts';
import type { SubscriptionSettings } from '../subscription/subscription-settings.ts';
import type { TopicRoute } from '../subscription/topic-routes.ts';
import { OwnedPartition, type PartitionParts } from './owned-partition.ts';
import { partitionKeyOf } from './partition-key.ts';
import type { SubscriptionRunner } from './subscription-runner.ts';

/** A partition that this member owns, and whose records it has. */
export interface PartitionSlot<Tx> {
  readonly owned: OwnedPartition;
  readonly subscription: SubscriptionRunner<Tx>;
  readonly route: TopicRoute<SubscriptionSettings<Tx>>;
}

/** The partitions of one group in this process. Who reads them is partition-intake.ts, who gets and loses them group-runner.ts. */
export class PartitionSlots<Tx> {
  readonly #parts: PartitionParts;
  readonly #slots = new Map<string, PartitionSlot<Tx>>();

  constructor(parts: PartitionParts) {
    this.#parts = parts;
  }

  [Symbol.iterator](): Iterator<PartitionSlot<Tx>> {
    return this.#slots.values();
  }

  get(place: TopicPartition): PartitionSlot<Tx> | undefined {
    return this.#slots.get(partitionKeyOf(place));
  }

  ofSubscription(subscription: SubscriptionRunner<Tx>): PartitionSlot<Tx>[] {
    return [...this.#slots.values()].filter((slot) => slot.subscription === subscription);
  }

  add(
    partition: MemberPartition,
    to: Pick<PartitionSlot<Tx>, 'subscription' | 'route'>,
    duringPoll: number,
  ): PartitionSlot<Tx> {
    const progress = new PartitionProgress(partition.nextOffset);
    const slot = { ...to, owned: new OwnedPartition(this.#parts, partition, progress, duringPoll) };
    this.#slots.set(slot.owned.key, slot);
    return slot;
  }

  /** Begins anew with a partition that was about to be taken away and stays, behind what is done. */
  renew(slot: PartitionSlot<Tx>, duringPoll: number): void {
    const { committed, watermark } = slot.owned.progress;
    const owned = new OwnedPartition(this.#parts, slot.owned, new PartitionProgress(committed, watermark), duringPoll);
    owned.rewindTo = watermark;
    slot.owned.unholdAll();
    if (slot.subscription.paused) owned.hold('paused');
    this.#slots.set(owned.key, { ...slot, owned });
  }

  remove(place: TopicPartition): PartitionSlot<Tx> | undefined {
    const slot = this.get(place);
    if (slot !== undefined) this.#slots.delete(slot.owned.key);
    return slot;
  }
}
