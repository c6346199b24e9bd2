import type { GroupMemberEvents, OwnedPartition as MemberPartition, TopicPartition } from '#libs/stores/topic';
import type { ConsumerMember, MemberFactory } from '../ports/member.ts';
import { Alarm } from './alarm.ts';
import { OffsetFlush } from './offset-flush.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { PartitionIntake } from './partition-intake.ts';
import { type PartitionSlot, PartitionSlots } from './partition-slots.ts';
import type { SharedParts } from './run-parts.ts';
import type { SubscriptionRunner } from './subscription-runner.ts';
import type { TopicWatch } from './topic-watch.ts';

export interface MembershipParts<Tx> {
  readonly group: string;
  readonly members: MemberFactory;
  readonly offsetsInTransaction: boolean;
  readonly shared: SharedParts<Tx>;
  readonly subscriptions: readonly SubscriptionRunner<Tx>[];
  readonly watch: TopicWatch<Tx>;
}

/** One wait of the member for records, ms; then it is polled again. */
const POLL_WAIT_MS = 1_000;

/** The member of a group and the partitions that it owns: what it polls, what it commits, what it has to give back. */
export class GroupMembership<Tx> {
  readonly member: ConsumerMember;
  readonly slots: PartitionSlots<Tx>;
  readonly #parts: MembershipParts<Tx>;
  readonly #intake: PartitionIntake<Tx>;
  readonly #flush: OffsetFlush;
  readonly #dueAlarm: Alarm;
  /** Number of the poll that is under way, or was last. */
  #poll = 0;
  #ending = false;

  constructor(parts: MembershipParts<Tx>, topics: readonly string[]) {
    this.#parts = parts;
    const { clock, sleep, observer } = parts.shared;
    this.member = parts.members({ group: parts.group, topics, events: this.#events() });
    const committed = ({ topic, partition }: OwnedPartition, nextOffset: bigint): void =>
      observer.committed?.(parts.group, topic, partition, nextOffset);
    this.slots = new PartitionSlots({
      member: this.member,
      offsetsInTransaction: parts.offsetsInTransaction,
      committed,
    });
    this.#flush = new OffsetFlush(this.member, committed);
    this.#dueAlarm = new Alarm(sleep, () => this.#intake.release());
    this.#intake = new PartitionIntake(this.slots, parts.subscriptions, clock, this.#dueAlarm);
  }

  /** True when there was an answer to a poll: the partitions that it owns are known by then, if there are any. */
  get hasPolled(): boolean {
    return this.#poll > 1;
  }

  /** One poll, after going back to what has to be read again. */
  async poll(): Promise<void> {
    for (const { owned } of this.slots) this.#rewind(owned);
    this.#poll += 1;
    const polled = await this.member.poll({ ...this.#intake.limits(), waitMs: POLL_WAIT_MS });
    if (!this.#ending) this.#intake.accept(polled, this.#poll);
  }

  /** Commits what is finished and not committed, and lets go of what the group asked for. */
  async flush(): Promise<void> {
    const slots = [...this.slots];
    try {
      await this.#flush.run(slots.map(({ owned }) => owned));
    } finally {
      for (const slot of slots) this.#letGo(slot);
    }
  }

  /** Work of a partition has ended. */
  workEnded(owned: OwnedPartition, by: SubscriptionRunner<Tx>): void {
    this.#intake.regulate(by);
    const slot = this.slots.get(owned);
    if (slot?.owned !== owned) return;
    this.#intake.holdIfNeeded(owned, by);
    if (owned.ending.aborted && owned.underWay === 0) this.#release(slot);
  }

  pause(subscription: SubscriptionRunner<Tx>): void {
    for (const { owned } of this.slots.ofSubscription(subscription)) if (!owned.ending.aborted) owned.hold('paused');
  }

  resume(subscription: SubscriptionRunner<Tx>): void {
    for (const { owned } of this.slots.ofSubscription(subscription)) owned.unhold('paused');
  }

  /** Begins nothing more; what is under way may end. */
  end(): void {
    this.#ending = true;
    this.#dueAlarm.set(null);
    for (const slot of this.slots) this.#end(slot);
  }

  /** Nothing of what is under way may be committed any more. */
  lose(): void {
    for (const { owned } of this.slots) owned.lose();
  }

  #events(): GroupMemberEvents {
    const { observer } = this.#parts.shared;
    const { group } = this.#parts;
    return {
      onAssigned: (partitions) => partitions.forEach((partition) => this.#assigned(partition)),
      onRevoking: (partitions) => partitions.forEach((partition) => this.#revoking(partition)),
      onRevoked: (partitions, how) => partitions.forEach((partition) => this.#revoked(partition, how)),
      onSkipped: ({ topic, partition }, from, to) => observer.skipped?.(group, topic, partition, from, to),
      onError: (error) => observer.failed?.(group, 'membership', error),
    };
  }

  #assigned(partition: MemberPartition): void {
    const { group, watch, subscriptions, shared } = this.#parts;
    const route = watch.routeOf(partition.topic);
    const subscription = subscriptions.find((runner) => runner.parts.settings === route?.subscription);
    // A topic that nobody handles was never subscribed to: the group has it from elsewhere, and it is left alone.
    if (route === undefined || subscription === undefined) return;
    // A member that did not say that an earlier ownership had ended: nothing of it may go on beside this one.
    this.#revoked(partition, 'lost');
    const { owned } = this.slots.add(partition, { route, subscription }, this.#poll);
    if (subscription.paused) owned.hold('paused');
    this.#intake.holdIfNeeded(owned, subscription);
    shared.observer.assigned?.(group, owned.topic, owned.partition);
  }

  #revoking(place: TopicPartition): void {
    const slot = this.slots.get(place);
    if (slot === undefined) return;
    this.#end(slot);
    // Should the group decide again, records come, and say so.
    slot.owned.unholdAll();
    if (slot.owned.underWay === 0) this.#release(slot);
  }

  #revoked(place: TopicPartition, how: 'released' | 'lost'): void {
    const slot = this.slots.remove(place);
    if (slot === undefined) return;
    slot.owned.lose();
    slot.subscription.drop(slot.owned);
    this.#intake.regulate(slot.subscription);
    this.#parts.shared.observer.revoked?.(this.#parts.group, place.topic, place.partition, how);
  }

  #end({ owned, subscription }: PartitionSlot<Tx>): void {
    owned.end();
    subscription.drop(owned);
    this.#intake.regulate(subscription);
  }

  /** Commits what is done of a partition that is to be given back, and lets go of it. The flush tries again, if need be. */
  #release(slot: PartitionSlot<Tx>): void {
    if (this.#ending) return;
    const { shared, group } = this.#parts;
    this.#flush
      .run([slot.owned])
      .catch((error: unknown) => shared.observer.failed?.(group, 'commit', error))
      .finally(() => this.#letGo(slot));
  }

  /** Tells the member that what it handed out and nobody began will not be handled here. */
  #letGo(slot: PartitionSlot<Tx>): void {
    const { owned } = slot;
    if (this.#ending || this.slots.get(owned)?.owned !== owned || !owned.ending.aborted || owned.underWay > 0) return;
    if (owned.stays) {
      this.slots.renew(slot, this.#poll);
      return;
    }
    owned.rewindTo = null;
    this.#seek(owned, owned.progress.committed);
  }

  #rewind(owned: OwnedPartition): void {
    if (owned.rewindTo === null) return;
    this.#seek(owned, owned.rewindTo);
    owned.rewindTo = null;
  }

  /** A partition that is not the member's any more is not read on anyway; its end is told by an event. */
  #seek(owned: OwnedPartition, offset: bigint): void {
    try {
      this.member.seek(owned, offset);
    } catch (error) {
      this.#parts.shared.observer.failed?.(this.#parts.group, 'seek', error);
    }
  }
}
