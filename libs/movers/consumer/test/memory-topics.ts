import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import type {
  CommitOptions,
  GroupMemberEvents,
  PolledPartition,
  PollOptions,
  TopicPartition,
  TopicRecord,
} from '#libs/stores/topic';
import type { ForwardedMessage, Forwarder } from '../src/ports/forwarder.ts';
import type { ConsumerMember, MemberRequest } from '../src/ports/member.ts';
import type { SideTopic, Topics } from '../src/ports/topics.ts';
import type { MemoryTx } from './memory-database.ts';
import { recordOf } from './records.ts';

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** Topics in memory, and the offsets and members of one group. */
export class MemoryTopics implements Topics, Forwarder {
  readonly partitions = new Map<string, TopicRecord[]>();
  readonly committed = new Map<string, bigint>();
  readonly members: MemoryMember[] = [];
  readonly owners = new Map<string, MemoryMember>();
  /** Called when an offset takes effect. */
  onCommit: (partition: string, nextOffset: bigint) => void = () => undefined;
  now: () => number = () => 0;
  /** Of values and headers together. */
  maxBytes = Number.MAX_SAFE_INTEGER;
  #perTopic: number;

  constructor(partitionsPerTopic: number) {
    this.#perTopic = partitionsPerTopic;
  }

  async list(): Promise<string[]> {
    return [...new Set([...this.partitions.keys()].map((key) => key.split('/')[0]!))];
  }

  async ensure(topics: readonly SideTopic[]): Promise<void> {
    for (const { topic } of topics) this.create(topic);
  }

  async ends(topic: string): Promise<{ partition: number; endOffset: bigint }[]> {
    return Array.from({ length: this.#perTopic }, (_, partition) => ({
      partition,
      endOffset: BigInt(this.partitions.get(`${topic}/${partition}`)?.length ?? 0),
    }));
  }

  create(topic: string): void {
    for (let partition = 0; partition < this.#perTopic; partition += 1) {
      if (!this.partitions.has(`${topic}/${partition}`)) this.partitions.set(`${topic}/${partition}`, []);
    }
  }

  append(topic: string, message: Partial<TopicRecord>, partition?: number): TopicRecord {
    const hash = [...(message.key ?? [])].reduce((sum, byte) => sum * 31 + byte, 7);
    const place = partition ?? hash % this.#perTopic;
    const records = this.partitions.get(`${topic}/${place}`);
    if (records === undefined) throw new TidemarkError('TOPIC_UNKNOWN', `topic ${topic} does not exist`);
    const record = recordOf({
      ...message,
      topic,
      partition: place,
      offset: BigInt(records.length),
      time: new Date(this.now()),
    });
    records.push(record);
    return record;
  }

  async forward(q: Queryable, message: ForwardedMessage): Promise<void> {
    const tx = q as unknown as MemoryTx;
    const bytes = message.headers.reduce(
      (sum, [name, value]) => sum + name.length + (value?.length ?? 0),
      message.value?.length ?? 0,
    );
    if (bytes > this.maxBytes) throw new TidemarkError('MESSAGE_TOO_LARGE', `${bytes} bytes are too many`);
    if (!this.partitions.has(`${message.topic}/0`)) throw new TidemarkError('TOPIC_UNKNOWN', message.topic);
    tx.writes.push(() => this.append(message.topic, message));
  }

  /** All records of a topic. */
  recordsOf(topic: string): TopicRecord[] {
    return [...this.partitions].filter(([key]) => key.split('/')[0] === topic).flatMap(([, records]) => records);
  }

  /** Gives each partition to a member, as a group does: those that move are asked for first. */
  assign(choose: (partition: string, members: readonly MemoryMember[]) => MemoryMember | undefined): void {
    const members = this.members.filter((member) => member.joined);
    for (const key of this.partitions.keys()) {
      const owner = this.owners.get(key);
      const able = members.filter((member) => member.topics.has(key.split('/')[0]!));
      const target = choose(key, able);
      if (owner === target) owner?.keep(key);
      else if (owner === undefined) this.give(key, target);
      else owner.revoke(key, () => this.give(key, target));
    }
  }

  give(key: string, to: MemoryMember | undefined): void {
    this.owners.delete(key);
    if (to === undefined || !to.joined) return;
    this.owners.set(key, to);
    to.assign(key, this.committed.get(key) ?? 0n);
  }

  /** Takes a partition away without asking, as after a session that timed out. Answers how its owner hears of it. */
  take(key: string): () => void {
    const owner = this.owners.get(key);
    this.owners.delete(key);
    owner?.forget(key);
    return () => {
      if (owner !== undefined && !owner.held.has(key)) owner.lose(key);
    };
  }

  store(key: string, nextOffset: bigint): void {
    if (nextOffset < (this.committed.get(key) ?? 0n)) {
      throw new TidemarkError('GROUP_INVALID', `${key}: ${nextOffset} goes back behind ${this.committed.get(key)}`);
    }
    this.committed.set(key, nextOffset);
    this.onCommit(key, nextOffset);
  }
}

interface Held {
  handed: bigint;
  committed: bigint;
  revoked: (() => void) | null;
  /** Open transactions that have committed an offset: the partition does not change hands before their end. */
  open: number;
  paused: boolean;
}

/** A member as GroupMember is one: hands out, takes commits, gives partitions back when all that was handed out is committed. */
export class MemoryMember implements ConsumerMember {
  readonly topics: Set<string>;
  readonly held = new Map<string, Held>();
  joined = false;
  chaos: (call: 'poll' | 'commit') => void = () => undefined;
  /** What a call takes, before it has an effect or its answer arrives. */
  turn: () => Promise<void> = async () => undefined;
  readonly #world: MemoryTopics;
  readonly #events: GroupMemberEvents;
  readonly #wait: (ms: number) => Promise<void>;

  constructor(world: MemoryTopics, request: MemberRequest, wait: (ms: number) => Promise<void>) {
    this.#world = world;
    this.#events = request.events;
    this.#wait = wait;
    this.topics = new Set(request.topics);
    world.members.push(this);
  }

  async start(): Promise<void> {
    this.joined = true;
  }

  async stop(): Promise<void> {
    this.leave();
  }

  /** Without a word to the application: as a crash. */
  leave(): void {
    this.joined = false;
    for (const key of this.held.keys()) this.#world.owners.delete(key);
    this.held.clear();
  }

  subscribe(topics: readonly string[]): void {
    this.topics.clear();
    for (const topic of topics) this.topics.add(topic);
  }

  async poll({ maxRecords, waitMs }: PollOptions): Promise<PolledPartition[]> {
    this.chaos('poll');
    let polled = this.#handOut(maxRecords);
    if (polled.length === 0) {
      await this.#wait(waitMs);
      polled = this.#handOut(maxRecords);
    }
    await this.turn();
    return polled;
  }

  async commit({ offsets, tx }: CommitOptions): Promise<void> {
    this.chaos('commit');
    // An ownership that has ended and come back is another one, as its assignment epoch says.
    const ownerships = new Map(offsets!.map((offset) => [keyOf(offset), this.held.get(keyOf(offset))]));
    const check = (): void => {
      for (const [key, held] of ownerships) {
        if (held === undefined || this.held.get(key) !== held)
          throw new TidemarkError('GROUP_FENCED', `${key} is not owned`);
      }
    };
    const write = (): void => {
      for (const offset of offsets!) this.#world.store(keyOf(offset), offset.nextOffset);
    };
    check();
    if (tx === undefined) {
      await this.turn();
      check();
      write();
    } else {
      for (const held of ownerships.values()) held!.open += 1;
      (tx as unknown as MemoryTx).ends.push(() => this.#ended(ownerships));
      (tx as unknown as MemoryTx).checks.push(check);
      (tx as unknown as MemoryTx).writes.push(write);
    }
    for (const offset of offsets!) {
      const held = this.held.get(keyOf(offset));
      if (held === undefined) continue;
      if (offset.nextOffset > held.committed) held.committed = offset.nextOffset;
      this.releaseDone(keyOf(offset));
    }
  }

  seek(partition: TopicPartition, offset: bigint): void {
    const held = this.held.get(keyOf(partition));
    if (held === undefined) throw new TidemarkError('GROUP_FENCED', `${keyOf(partition)} is not owned`);
    held.handed = offset;
    if (offset < held.committed) held.committed = offset;
    this.releaseDone(keyOf(partition));
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const one of partitions) this.#setPaused(one, true);
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const one of partitions) this.#setPaused(one, false);
  }

  assign(key: string, nextOffset: bigint): void {
    this.held.set(key, { handed: nextOffset, committed: nextOffset, revoked: null, open: 0, paused: false });
    this.#events.onAssigned?.([{ ...placeIn(key), assignmentEpoch: 1n, nextOffset }]);
  }

  revoke(key: string, done: () => void): void {
    const held = this.held.get(key)!;
    const first = held.revoked === null;
    held.revoked = done;
    if (first) this.#events.onRevoking?.([placeIn(key)]);
    this.releaseDone(key);
  }

  /** The group has decided again. */
  keep(key: string): void {
    const held = this.held.get(key);
    if (held !== undefined) held.revoked = null;
  }

  /** The group has given it to another; the member will hear of it. */
  forget(key: string): void {
    this.held.delete(key);
  }

  lose(key: string): void {
    this.held.delete(key);
    this.#events.onRevoked?.([placeIn(key)], 'lost');
  }

  releaseDone(key: string): void {
    const held = this.held.get(key);
    if (held === undefined || held.revoked === null || held.handed > held.committed) return;
    if (held.open > 0) return;
    this.held.delete(key);
    this.#events.onRevoked?.([placeIn(key)], 'released');
    held.revoked();
  }

  #ended(ownerships: ReadonlyMap<string, Held | undefined>): void {
    for (const [key, held] of ownerships) {
      held!.open -= 1;
      if (this.held.get(key) === held) this.releaseDone(key);
    }
  }

  #setPaused(partition: TopicPartition, paused: boolean): void {
    const held = this.held.get(keyOf(partition));
    if (held !== undefined) held.paused = paused;
  }

  #handOut(maxRecords: number): PolledPartition[] {
    const polled: PolledPartition[] = [];
    let left = maxRecords;
    for (const [key, held] of this.held) {
      if (held.revoked !== null || held.paused || left <= 0) continue;
      const records = this.#world.partitions.get(key)!.slice(Number(held.handed), Number(held.handed) + left);
      if (records.length === 0) continue;
      held.handed += BigInt(records.length);
      left -= records.length;
      polled.push({ ...placeIn(key), records, nextOffset: held.handed });
    }
    return polled;
  }
}

function placeIn(key: string): TopicPartition {
  const [topic, partition] = key.split('/') as [string, string];
  return { topic, partition: Number(partition) };
}
