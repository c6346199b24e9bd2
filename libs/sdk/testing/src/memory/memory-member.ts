import { TidemarkError } from '#libs/foundation/kernel';
import type { Sleep } from '#libs/foundation/lifecycle';
import type { ConsumerMember, MemberRequest } from '#libs/movers/consumer';
import type { CommitOptions, PolledPartition, PollOptions, TopicPartition } from '#libs/stores/topic';
import type { Activity } from '../activity.ts';
import type { MemoryLog } from './memory-log.ts';
import type { MemoryTransaction } from './memory-transaction.ts';

interface Owned extends TopicPartition {
  position: bigint;
  paused: boolean;
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** The only member of its group: it owns all partitions of its topics, new ones as soon as they exist. */
export class MemoryMember implements ConsumerMember {
  readonly #log: MemoryLog;
  readonly #request: MemberRequest;
  readonly #sleep: Sleep;
  readonly #activity: Activity;
  readonly #owned = new Map<string, Owned>();
  #topics: readonly string[];
  #wake = new AbortController();
  #left: () => void = () => undefined;
  #joined = false;

  constructor(log: MemoryLog, request: MemberRequest, parts: { readonly sleep: Sleep; readonly activity: Activity }) {
    this.#log = log;
    this.#request = request;
    this.#sleep = parts.sleep;
    this.#activity = parts.activity;
    this.#topics = request.topics;
  }

  async start(): Promise<void> {
    this.#joined = true;
    this.#left = this.#log.onChange(() => this.#changed());
    this.#changed();
  }

  async stop(): Promise<void> {
    this.#joined = false;
    this.#left();
    this.#owned.clear();
    this.#wake.abort();
  }

  async poll({ maxRecords, waitMs }: PollOptions): Promise<PolledPartition[]> {
    const woken = this.#wake.signal;
    const ready = this.#handOut(maxRecords);
    if (ready.length > 0 || !this.#joined) return ready;
    await this.#sleep(waitMs, woken);
    return this.#handOut(maxRecords);
  }

  async commit({ offsets = [], tx }: CommitOptions): Promise<void> {
    for (const offset of offsets) this.#find(offset);
    const { group } = this.#request;
    const write = (): void => offsets.forEach((offset) => this.#log.commit(group, offset, offset.nextOffset));
    if (tx === undefined) write();
    else (tx as unknown as MemoryTransaction).onCommit(write);
  }

  seek(partition: TopicPartition, offset: bigint): void {
    this.#find(partition).position = offset;
    this.#wakePoll();
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#setPaused(partitions, true);
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#setPaused(partitions, false);
    this.#wakePoll();
  }

  subscribe(topics: readonly string[]): void {
    this.#topics = topics;
    if (this.#joined) this.#changed();
  }

  #handOut(maxRecords: number): PolledPartition[] {
    const polled: PolledPartition[] = [];
    let room = maxRecords;
    for (const owned of this.#owned.values()) {
      if (owned.paused || room <= 0) continue;
      const records = this.#log.read(owned, owned.position, room);
      if (records.length === 0) continue;
      owned.position += BigInt(records.length);
      room -= records.length;
      const part = { topic: owned.topic, partition: owned.partition, records, nextOffset: owned.position };
      polled.push(part);
    }
    if (polled.length > 0) this.#activity.note();
    return polled;
  }

  /** Takes what is there and not owned yet, and lets a poll that waits look again. */
  #changed(): void {
    const assigned = [];
    for (const topic of this.#topics) {
      for (let partition = 0; partition < this.#log.partitionsOf(topic); partition += 1) {
        const place = { topic, partition };
        if (this.#owned.has(keyOf(place))) continue;
        const position = this.#log.committed(this.#request.group, place);
        this.#owned.set(keyOf(place), { ...place, position, paused: false });
        assigned.push({ ...place, nextOffset: position, assignmentEpoch: 1n });
      }
    }
    if (assigned.length > 0) this.#request.events.onAssigned?.(assigned);
    this.#wakePoll();
  }

  #wakePoll(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
    this.#activity.note();
  }

  #setPaused(partitions: readonly TopicPartition[], paused: boolean): void {
    for (const partition of partitions) {
      const owned = this.#owned.get(keyOf(partition));
      if (owned !== undefined) owned.paused = paused;
    }
  }

  #find(partition: TopicPartition): Owned {
    const owned = this.#owned.get(keyOf(partition));
    if (owned === undefined) throw new TidemarkError('GROUP_FENCED', `${keyOf(partition)} is not owned`);
    return owned;
  }
}
