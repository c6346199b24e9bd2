import { expect } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { ManualTime } from '../../../foundation/lifecycle/test/manual-time.ts';
import { type Consumer, createConsumer, type Delivery, type Subscription } from '../src/index.ts';
import { MemoryDatabase, type MemoryProcess, type MemoryTx } from './memory-database.ts';
import { MemoryMember, MemoryTopics } from './memory-topics.ts';

export type Kind = 'good' | 'flaky' | 'poison' | 'fatal' | 'undecodable' | 'hang';

export interface Settings {
  readonly concurrency: number;
  readonly batch: number | null;
  readonly park: boolean;
  readonly tiers: number;
  readonly offsetsInTransaction: boolean;
}

interface Process extends MemoryProcess {
  readonly consumer: Consumer;
  member: MemoryMember;
}

const GROUP = 'g';
const TOPIC = 'orders';
export const BUFFER_RECORDS = 20;

/** Processes with consumers, one database, and a topic with good and bad messages, under virtual time. */
export class ConsumerWorld {
  readonly time = new ManualTime();
  readonly db = new MemoryDatabase();
  readonly topics = new MemoryTopics(3);
  readonly effects: { id: string; key: string; offset: bigint }[] = [];
  readonly kinds = new Map<string, Kind>();
  readonly firstOffsets = new Map<string, bigint>();
  /** What must never happen, as it happened. */
  readonly violations: string[] = [];
  processes: Process[] = [];
  /** Share of database and transport calls that fail. */
  trouble = 0;
  readonly #tries = new Map<string, number>();
  readonly #random: () => number;
  readonly #settings: Settings;
  #messages = 0;

  constructor(settings: Settings, random: () => number) {
    this.#settings = settings;
    this.#random = random;
    this.topics.now = () => this.time.now();
    this.topics.create(TOPIC);
    this.topics.onCommit = (key, next) => this.#checkWatermark(key, next);
    this.db.turn = async () => (random() < 0.1 ? this.time.sleep(1 + Math.floor(random() * 30)) : Promise.resolve());
    this.db.chaos = (point) => {
      if (random() < this.trouble / (point === 'statement' ? 4 : 1)) throw away(point);
    };
  }

  append(kind: Kind): void {
    const id = `00000000-0000-7000-8000-${String((this.#messages += 1)).padStart(12, '0')}`;
    const key = this.#random() < 0.15 ? null : Buffer.from(`k${Math.floor(this.#random() * 5)}`);
    const partition = key === null ? Math.floor(this.#random() * 3) : undefined;
    const { offset } = this.topics.append(TOPIC, { messageId: id, key }, partition);
    this.kinds.set(id, kind);
    this.firstOffsets.set(id, offset);
  }

  /** The same message again, behind what there is of its partition: what a producer without a sequence does. */
  repeat(): void {
    const all = this.topics.recordsOf(TOPIC);
    const record = all[Math.floor(this.#random() * all.length)];
    if (record !== undefined) this.topics.append(TOPIC, record, record.partition);
  }

  async start(): Promise<void> {
    const state = { alive: true } as Process;
    const consumer = createConsumer<MemoryTx>({
      subscriptions: [this.#subscription()],
      transactions: this.db.transactionsOf(state),
      inbox: this.db,
      forwarder: this.topics,
      decoder: {
        decode: async (record) => {
          if (this.kinds.get(record.messageId) === 'undecodable') throw new Error('garbled');
          return { value: null, schema: null };
        },
      },
      topics: this.topics,
      members: (request) => {
        const member = new MemoryMember(this.topics, request, (ms) => this.time.sleep(ms));
        member.chaos = () => {
          if (this.#random() < this.trouble) throw away('transport');
        };
        member.turn = this.db.turn;
        state.member = member;
        return member;
      },
      offsetsInTransaction: this.#settings.offsetsInTransaction,
      clock: this.time,
      sleep: this.time.sleep,
      random: this.#random,
      observer: {
        failed: (_group, step, error) => {
          const code = error instanceof TidemarkError ? error.code : 'none';
          if (!['DATABASE_UNAVAILABLE', 'DATABASE_BUSY', 'GROUP_FENCED', 'SHUTTING_DOWN'].includes(code))
            this.violations.push(`${step}: ${String(error)}`);
        },
      },
    });
    Object.assign(state, { consumer });
    this.processes.push(state);
    await consumer.start();
  }

  /** Its transactions commit nothing any more, its memory is gone; the group gives its partitions to others. */
  crash(process: Process): void {
    process.alive = false;
    process.member.leave();
    this.processes = this.processes.filter((one) => one !== process);
    // Its promises still run in this test; they can change nothing that counts.
    void process.consumer.stop({ deadlineMs: 0 }).catch(() => undefined);
  }

  async stop(process: Process): Promise<void> {
    this.processes = this.processes.filter((one) => one !== process);
    const ends = { done: false };
    const stopped = process.consumer.stop({ deadlineMs: 5_000 }).finally(() => (ends.done = true));
    for (let steps = 0; !ends.done && steps < 200; steps += 1) await this.time.advance(50);
    await stopped;
  }

  assign(): void {
    this.topics.assign((_, members) => members[Math.floor(this.#random() * members.length)]);
  }

  checkBounds(): void {
    expect(this.violations).toEqual([]);
    for (const { consumer } of this.processes) {
      const [status] = consumer.status().subscriptions;
      // One poll may come in while the partitions are being held.
      expect(status!.buffered).toBeLessThanOrEqual(2 * BUFFER_RECORDS);
      expect(status!.underWay).toBeLessThanOrEqual(this.#settings.concurrency);
    }
  }

  /** True when every record of every topic that is read is behind the committed offset, and nothing parked may go on. */
  get isQuiet(): boolean {
    const read = [...this.topics.partitions].filter(([key]) => !key.includes('.dlq'));
    const free = [...this.db.parked.keys()].some((name) => this.db.blocked.get(name) === null);
    return !free && read.every(([key, records]) => (this.topics.committed.get(key) ?? 0n) === BigInt(records.length));
  }

  /** Nothing was lost, nothing happened twice, each delivery was moved on once, and keys kept their order. */
  checkResults(): void {
    const handled = this.effects.map(({ id }) => id);
    expect(handled.length).toBe(new Set(handled).size);
    const sideRecords = [...this.topics.partitions]
      .filter(([key]) => !key.startsWith(`${TOPIC}/`))
      .flatMap(([, records]) => records);
    expect(sideRecords.length).toBe(this.db.failures.size);
    const dead = new Set(this.topics.recordsOf(`${TOPIC}.${GROUP}.dlq`).map((record) => record.messageId));
    const parked = new Set([...this.db.parked.values()].flat().map((record) => record.messageId));
    for (const [id, kind] of this.kinds) {
      const ends = [handled.includes(id) ? 'handled' : '', dead.has(id) ? 'dead' : '', parked.has(id) ? 'parked' : ''];
      const allowed = { good: ['handled', 'parked'], flaky: ['handled', 'dead', 'parked'] }[kind as string] ?? [
        'dead',
        'parked',
      ];
      expect({ id, kind, end: ends.find((end) => allowed.includes(end)) }).toEqual({
        id,
        kind,
        end: expect.any(String),
      });
      expect({ id, kind, wrongly: kind !== 'good' && kind !== 'flaky' && handled.includes(id) }).toEqual({
        id,
        kind,
        wrongly: false,
      });
    }
    const moved = new Set([...this.db.failures.values()].map((failure) => failure.messageId));
    for (const key of new Set(this.effects.map((effect) => effect.key))) {
      const inMainFlow = this.effects.filter(
        (effect) => effect.key === key && (this.#settings.park || !moved.has(effect.id)),
      );
      const offsets = inMainFlow.map((effect) => Number(effect.offset));
      expect({ key, offsets }).toEqual({ key, offsets: offsets.toSorted((one, other) => one - other) });
    }
  }

  #subscription(): Subscription<MemoryTx> {
    const { batch, concurrency, park, tiers } = this.#settings;
    const handle = (deliveries: readonly Delivery<MemoryTx>[]): Promise<void> => this.#handle(deliveries);
    return {
      name: 'handler',
      group: GROUP,
      topics: [TOPIC],
      handler:
        batch === null
          ? { kind: 'each', handle: (delivery) => handle([delivery]) }
          : { kind: 'batch', maxRecords: batch, handle },
      options: {
        concurrency,
        attempts: 2,
        timeoutMs: 1_000,
        retryTiers: Array.from({ length: tiers }, (_, tier) => ({ delayMs: 700 * (tier + 1) })),
        errors: { fatal: ['E_FATAL'] },
        afterDeadLetter: park ? 'park' : 'continue',
        breaker: false,
        bufferRecords: BUFFER_RECORDS,
        partitionRecords: 15,
      },
    };
  }

  async #handle(deliveries: readonly Delivery<MemoryTx>[]): Promise<void> {
    for (const { messageId: id, signal, tx, key } of deliveries) {
      if (this.#random() < 0.5) await this.time.sleep(1 + Math.floor(this.#random() * 40));
      const tries = (this.#tries.get(id) ?? 0) + 1;
      this.#tries.set(id, tries);
      const kind = this.kinds.get(id)!;
      if (kind === 'hang')
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      if (kind === 'fatal') throw Object.assign(new Error('never'), { code: 'E_FATAL' });
      if (kind === 'poison' || (kind === 'flaky' && tries < 3)) throw new Error('not now');
      tx.writes.push(() => {
        this.effects.push({ id, key: key === null ? id : key.toString(), offset: this.firstOffsets.get(id)! });
      });
    }
  }

  /** Everything that a committed offset passes has taken effect, waits in the database, or was moved on. */
  #checkWatermark(key: string, nextOffset: bigint): void {
    const settled = new Set(
      [...this.db.parked.values()].flat().map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`),
    );
    for (const record of this.topics.partitions.get(key)!.slice(0, Number(nextOffset))) {
      const place = `${record.topic}/${record.partition}@${record.offset}`;
      const known =
        this.db.handled.has(`${GROUP} ${record.messageId}`) ||
        this.db.failures.has(`${GROUP} ${place}`) ||
        settled.has(place);
      if (!known) this.violations.push(`offset ${nextOffset} of ${key} passes ${place}`);
    }
  }
}

function away(point: string): TidemarkError {
  return new TidemarkError('DATABASE_UNAVAILABLE', `away at ${point}`);
}
