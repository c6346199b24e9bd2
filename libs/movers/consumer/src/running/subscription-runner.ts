import { Breaker } from '../breaker/breaker.ts';
import { KeyLanes } from '../lanes/key-lanes.ts';
import type { LaneWork } from '../lanes/lane-work.ts';
import { Alarm } from './alarm.ts';
import { MessageRunner } from './message-runner.ts';
import type { OwnedPartition } from './owned-partition.ts';
import type { QueuedMessage } from './queued-message.ts';
import type { RunParts } from './run-parts.ts';

/** What a subscription tells its group. */
export interface SubscriptionEvents<Tx> {
  /** Work of a partition has ended, in whatever way. */
  ended(partition: OwnedPartition, by: SubscriptionRunner<Tx>): void;
  /** A defect: the message is not done, its offset is not passed. */
  defect(error: unknown): void;
}

/** A partition's message, with the partition. */
export interface PartitionMessage extends QueuedMessage {
  readonly origin: OwnedPartition;
}

const ONE = { maxRecords: 1, maxBytes: 1 } as const;

/**
 * The messages of one subscription in this process: at most `concurrency` pieces of work at once, one at a time per key, none while
 * it is paused; as many as the breaker lets go.
 */
export class SubscriptionRunner<Tx> {
  readonly parts: RunParts<Tx>;
  readonly breaker: Breaker;
  readonly messages: MessageRunner<Tx>;
  readonly #lanes = new KeyLanes<PartitionMessage>();
  readonly #events: SubscriptionEvents<Tx>;
  readonly #alarm: Alarm;
  readonly #underWay = new Set<Promise<void>>();
  #paused = false;
  #stopped = false;

  constructor(parts: RunParts<Tx>, events: SubscriptionEvents<Tx>) {
    const { settings, observer, sleep } = parts;
    this.parts = parts;
    this.#events = events;
    this.breaker = new Breaker(settings.breaker, (from, to, openMs) =>
      observer.breakerChanged?.(settings.group, settings.name, from, to, openMs),
    );
    this.messages = new MessageRunner(parts, this.breaker);
    this.#alarm = new Alarm(sleep, () => this.pump());
  }

  get paused(): boolean {
    return this.#paused;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  get buffered(): { readonly records: number; readonly bytes: number } {
    return { records: this.#lanes.size, bytes: this.#lanes.bytes };
  }

  /** What may be added; nothing when it is negative or 0. */
  get room(): { readonly records: number; readonly bytes: number } {
    const { bufferRecords, bufferBytes } = this.parts.settings;
    return { records: bufferRecords - this.#lanes.size, bytes: bufferBytes - this.#lanes.bytes };
  }

  /** True when there is room again for a good part of what it takes: not for every single record. */
  get hasMuchRoom(): boolean {
    const { bufferRecords, bufferBytes } = this.parts.settings;
    const { records, bytes } = this.room;
    return records * 2 >= bufferRecords && bytes * 2 >= bufferBytes;
  }

  /** True when nobody can be waited for: neither work under way nor a breaker that would let none begin. */
  get mayBegin(): boolean {
    return !this.#paused && !this.#stopped && this.breaker.state === 'closed';
  }

  add(message: PartitionMessage): void {
    this.#lanes.add(message);
  }

  /** Forgets what has not begun of a partition. */
  drop(partition: OwnedPartition): void {
    this.#lanes.drop(partition.key);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.pump();
  }

  /** Begins nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#alarm.set(null);
  }

  /** Resolves when nothing is under way. */
  async drained(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Begins what may begin. */
  pump(): void {
    const { settings, clock } = this.parts;
    while (!this.#paused && !this.#stopped && this.#underWay.size < settings.concurrency) {
      const admission = this.breaker.admit(clock.now());
      if (!admission.go) {
        this.#alarm.set(admission.waitMs);
        return;
      }
      const work = this.#lanes.next(admission.probe || settings.batch === null ? ONE : settings.batch);
      if (work === undefined) {
        if (admission.probe) this.breaker.end('inconclusive', true, clock.now());
        return;
      }
      this.#begin(work, admission.probe);
    }
  }

  #begin(work: LaneWork<PartitionMessage>, probe: boolean): void {
    const partition = work.items[0]!.origin;
    partition.underWay += 1;
    const run = this.#run(work, probe)
      .catch((error: unknown) => {
        this.#lanes.release(work);
        this.#events.defect(error);
      })
      .finally(() => {
        this.#underWay.delete(run);
        partition.underWay -= 1;
        this.#events.ended(partition, this);
        this.pump();
      });
    this.#underWay.add(run);
  }

  async #run(work: LaneWork<PartitionMessage>, probe: boolean): Promise<void> {
    let left = work.items;
    let ended: 'done' | 'hold' | 'given-up' = 'done';
    const whole = left.length > 1 ? await this.messages.runBatch(left) : null;
    if (whole === null) {
      while (left.length > 0 && ended === 'done') {
        ended = await this.messages.runOne(left[0]!, probe);
        if (ended === 'done') left = left.slice(1);
      }
    } else {
      ended = whole;
    }
    if (ended === 'hold') {
      // With a concurrency of one the order of offsets is kept; otherwise another key may prove that the handler is well.
      this.#lanes.requeue(work, left, { defer: this.parts.settings.concurrency > 1 });
    } else {
      this.#lanes.release(work);
    }
  }
}
