import type { TopicRecord } from '#libs/stores/topic';
import { ManualTime } from '../../../foundation/lifecycle/test/manual-time.ts';
import {
  type Consumer,
  type ConsumerObserver,
  type ConsumerOptions,
  createConsumer,
  type Delivery,
  type Handler,
  type SubscriptionOptions,
} from '../src/index.ts';
import { MemoryDatabase, type MemoryTx } from './memory-database.ts';
import { MemoryMember, MemoryTopics } from './memory-topics.ts';

type Handle = (delivery: Delivery<MemoryTx>) => unknown;

/** One consumer of topic `orders`, which has one partition, on a database in memory, under virtual time. */
export class OneConsumer {
  readonly time = new ManualTime();
  readonly db = new MemoryDatabase();
  readonly topics = new MemoryTopics(1);
  readonly events: string[] = [];
  consumer!: Consumer;
  member!: MemoryMember;
  #ids = 0;

  constructor() {
    this.topics.now = () => this.time.now();
    this.topics.create('orders');
  }

  /** Appends messages with these keys; values are their numbers from 1 on. */
  send(...keys: (string | null)[]): TopicRecord[] {
    return keys.map((key) => {
      const number = (this.#ids += 1);
      const messageId = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
      const value = Buffer.from(String(number));
      return this.topics.append('orders', { messageId, key: key === null ? null : Buffer.from(key), value });
    });
  }

  async start(
    handler: Handle | Handler<MemoryTx>,
    options: SubscriptionOptions = {},
    more: Partial<ConsumerOptions<MemoryTx>> = {},
  ): Promise<void> {
    const each = typeof handler === 'function' ? ({ kind: 'each', handle: handler } as const) : handler;
    this.consumer = createConsumer<MemoryTx>({
      subscriptions: [{ name: 'handler', group: 'g', topics: ['orders'], handler: each, options }],
      transactions: this.db.transactionsOf({ alive: true }),
      inbox: this.db,
      forwarder: this.topics,
      decoder: { decode: async (record) => ({ value: Number(record.value), schema: null }) },
      topics: this.topics,
      members: (request) => {
        this.member = new MemoryMember(this.topics, request, (ms) => this.time.sleep(ms));
        return this.member;
      },
      offsetsInTransaction: true,
      clock: this.time,
      sleep: this.time.sleep,
      random: () => 0.999_999,
      newId: () => '00000000-0000-7000-8000-00000000000d',
      observer: this.#observer(),
      ...more,
    });
    await this.consumer.start();
    this.assign();
    await this.time.advance(0);
  }

  /** Gives the member all partitions. */
  assign(): void {
    this.topics.assign((_, [member]) => member);
  }

  /** Lets time pass in small steps until the condition holds. Throws when it does not within a minute. */
  async until(condition: () => boolean): Promise<void> {
    for (let passed = 0; !condition(); passed += 20) {
      if (passed > 60_000) throw new Error(`nothing came of it: ${this.events.join(', ')}`);
      await this.time.advance(20);
    }
  }

  /** Lets time pass in steps small enough for everything to happen in its order. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 20) await this.time.advance(Math.min(20, ms - passed));
  }

  async stop(deadlineMs = 1_000): Promise<void> {
    let ended = false;
    const stopped = this.consumer.stop({ deadlineMs }).finally(() => (ended = true));
    stopped.catch(() => undefined);
    await this.until(() => ended);
    await stopped;
  }

  get committed(): bigint {
    return this.topics.committed.get('orders/0') ?? 0n;
  }

  #observer(): ConsumerObserver {
    return {
      handled: ({ offset, topic }, as, _took, attempt) => this.events.push(`${as} ${topic}@${offset} (${attempt})`),
      tryFailed: ({ offset }, attempt, error, counted) =>
        this.events.push(`failed @${offset} (${attempt}) ${(error as Error).message}${counted ? '' : ', not counted'}`),
      movedOn: ({ topic, offset }, to) => this.events.push(`moved ${topic}@${offset} to ${to}`),
      batchSplit: (_, size) => this.events.push(`split ${size}`),
      breakerChanged: (_group, _name, from, to) => this.events.push(`breaker ${from} ${to}`),
      failed: (_group, step, error) => this.events.push(`trouble ${step}: ${(error as Error).message}`),
    };
  }
}
