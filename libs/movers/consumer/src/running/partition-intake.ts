import type { Clock } from '#libs/foundation/kernel';
import {
  PLACEHOLDER_HEADER,
  PLACEHOLDER_KEY,
  type PolledPartition,
  recordBytes,
  type TopicRecord,
} from '#libs/stores/topic';
import { DUE_AT_HEADER, dueAtOf } from '../failure/due-time.ts';
import { historyOf } from '../failure/failure-history.ts';
import type { Alarm } from './alarm.ts';
import type { OwnedPartition } from './owned-partition.ts';
import type { PartitionSlot, PartitionSlots } from './partition-slots.ts';
import { deliveryName } from './queued-message.ts';
import type { PartitionMessage, SubscriptionRunner } from './subscription-runner.ts';

/** Bytes of one poll at most, whatever room there is. */
const POLL_BYTES = 4 * 1024 * 1024;
/** What a message takes in the queue beside its record. */
const QUEUED_BYTES = 300;

/**
 * Takes in what polls bring: puts records in front of their subscription, holds the partitions of retry topics until their next
 * record is due, and those whose records have no room.
 */
export class PartitionIntake<Tx> {
  readonly #slots: PartitionSlots<Tx>;
  readonly #subscriptions: readonly SubscriptionRunner<Tx>[];
  readonly #clock: Clock;
  readonly #dueAlarm: Alarm;
  /** Those that had no room, and have not had much since. */
  readonly #full = new Set<SubscriptionRunner<Tx>>();

  constructor(
    slots: PartitionSlots<Tx>,
    subscriptions: readonly SubscriptionRunner<Tx>[],
    clock: Clock,
    /** Rings `release`. */
    dueAlarm: Alarm,
  ) {
    this.#slots = slots;
    this.#subscriptions = subscriptions;
    this.#clock = clock;
    this.#dueAlarm = dueAlarm;
  }

  /** For the next poll. */
  limits(): { readonly maxRecords: number; readonly maxBytes: number } {
    const rooms = this.#subscriptions.map((subscription) => subscription.room).filter(({ records }) => records > 0);
    const maxRecords = Math.min(...rooms.map(({ records }) => records));
    const maxBytes = Math.min(POLL_BYTES, ...rooms.map(({ bytes }) => bytes));
    return { maxRecords: Number.isFinite(maxRecords) ? maxRecords : 1, maxBytes: Math.max(1, maxBytes) };
  }

  /** Takes in what the poll with this number brought. */
  accept(polled: readonly PolledPartition[], poll: number): void {
    const touched = new Set<SubscriptionRunner<Tx>>();
    for (const partition of polled) {
      const slot = this.#slots.get(partition);
      if (slot === undefined || !this.#isPlaced(slot, partition.records, poll)) continue;
      this.#take(slot, partition);
      this.holdIfNeeded(slot.owned, slot.subscription);
      touched.add(slot.subscription);
    }
    for (const subscription of touched) {
      this.regulate(subscription);
      subscription.pump();
    }
  }

  /** Holds the partitions of a subscription that has no room, and lets go of them when it has much. */
  regulate(subscription: SubscriptionRunner<Tx>): void {
    const { records, bytes } = subscription.room;
    const isFull = records <= 0 || bytes <= 0;
    if (this.#full.has(subscription) ? !subscription.hasMuchRoom : !isFull) return;
    if (isFull) this.#full.add(subscription);
    else this.#full.delete(subscription);
    for (const { owned } of this.#slots.ofSubscription(subscription)) this.holdIfNeeded(owned, subscription);
  }

  /** Holds a partition whose subscription has no room, or that is far ahead of its first unfinished record; else lets go of it. */
  holdIfNeeded(owned: OwnedPartition, subscription: SubscriptionRunner<Tx>): void {
    if (owned.ending.aborted) return;
    if (this.#full.has(subscription)) owned.hold('full');
    else owned.unhold('full');
    const limit = subscription.parts.settings.partitionRecords;
    if (owned.progress.length >= limit) owned.hold('ahead');
    else if (owned.progress.length * 2 <= limit) owned.unhold('ahead');
  }

  /** Lets partitions be read on whose next record is due, and sets the alarm for the others. */
  release(): void {
    const now = this.#clock.now();
    let next: number | null = null;
    for (const { owned } of this.#slots) {
      if (owned.dueAt === null) continue;
      if (owned.dueAt <= now) {
        owned.dueAt = null;
        owned.unhold('due');
      } else {
        next = Math.min(next ?? owned.dueAt, owned.dueAt);
      }
    }
    this.#dueAlarm.set(next === null ? null : next - now);
  }

  /**
   * Whether the records follow what was read of the slot. If not they are read again: the member's place was set while the
   * poll was under way, or the partition was about to be taken away.
   */
  #isPlaced(slot: PartitionSlot<Tx>, records: readonly TopicRecord[], poll: number): boolean {
    const { owned } = slot;
    if (owned.rewindTo !== null || owned.lost.aborted) return false;
    if (owned.ending.aborted) {
      owned.stays = true;
      if (owned.underWay === 0) this.#slots.renew(slot, poll);
      return false;
    }
    if (owned.placedDuring !== poll || records[0]?.offset === owned.progress.end) return true;
    owned.rewindTo = owned.progress.end;
    return false;
  }

  #take(slot: PartitionSlot<Tx>, { records, nextOffset }: PolledPartition): void {
    const { owned, subscription, route } = slot;
    for (const record of records) {
      if (route.tier > 0 && this.#heldFor(slot, record)) return;
      if (!owned.progress.add(record.offset)) continue;
      const message = messageOf(slot, record);
      if (isPlaceholder(record)) {
        owned.finish([record.offset]);
        const { observer, settings } = subscription.parts;
        observer.handled?.(deliveryName(message, settings), 'placeholder', 0, 1);
      } else {
        subscription.add(message);
      }
    }
    owned.progress.reach(nextOffset);
  }

  /** A record whose time has not come holds its partition; later ones of a tier are due later. */
  #heldFor({ owned, route, subscription }: PartitionSlot<Tx>, record: TopicRecord): boolean {
    const header = record.headers.findLast(([name]) => name === DUE_AT_HEADER)?.[1];
    const delayMs = subscription.parts.settings.retryTiers[route.tier - 1]?.delayMs ?? 0;
    const dueAt = dueAtOf(header, record.time, delayMs);
    if (dueAt <= this.#clock.now()) return false;
    owned.dueAt = dueAt;
    owned.hold('due');
    owned.rewindTo = record.offset;
    this.release();
    return true;
  }
}

function messageOf<Tx>(slot: PartitionSlot<Tx>, record: TopicRecord): PartitionMessage {
  const { owned, route, subscription } = slot;
  const { settings, cluster } = subscription.parts;
  return {
    record,
    origin: owned,
    source: route.source,
    tier: route.tier,
    parked: false,
    history: historyOf(record, route.tier, cluster),
    partition: owned.key,
    // Batches are of one partition, in order: it is one lane.
    lane: settings.batch === null ? (record.key?.toString('latin1') ?? null) : '',
    offset: record.offset,
    bytes: recordBytes(record) + QUEUED_BYTES,
    failed: 0,
  };
}

/** Stands for a message that could not be sent; the message itself is a dead letter already. */
function isPlaceholder(record: TopicRecord): boolean {
  return (
    record.key?.toString('latin1') === PLACEHOLDER_KEY && record.headers.some(([name]) => name === PLACEHOLDER_HEADER)
  );
}
