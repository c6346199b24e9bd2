import { SchemaCache } from '#libs/codec';
import {
  type Consumer,
  type ConsumerStatus,
  createConsumer,
  type Decoder,
  type Transactions,
} from '#libs/movers/consumer';
import { createOutbox, type Message, type Outbox, type OutboxOptions, type TransactionHandle } from '#libs/sdk';
import type { TopicRecord } from '#libs/stores/topic';
import { bindSubscription } from '../../src/consumer/event-subscription.ts';
import { PayloadDecoder } from '../../src/consumer/payload-decoder.ts';
import type { Activity } from './activity.ts';
import { deadLetterOf } from './dead-letter.ts';
import type { ConsumerHarness, DeadLetter, HarnessConsumerOptions } from './harness.ts';
import { outstandingOf } from './outstanding.ts';
import { advance, settle, type SettleParts } from './settle.ts';
import { TestConsumers } from './test-consumers.ts';
import type { TestTime } from './test-time.ts';
import type { World } from './world.ts';

export interface TestHarnessParts<Tx extends TransactionHandle> {
  readonly world: World<Tx>;
  readonly time: TestTime;
  readonly activity: Activity;
  /** Real time that settling may take, ms; default 5,000. */
  readonly settleMs?: number;
  /** Of the harness's own emit. */
  readonly outbox?: OutboxOptions;
}

/** The harness on either world. */
export class TestHarness<Tx extends TransactionHandle> implements ConsumerHarness<Tx> {
  readonly #parts: TestHarnessParts<Tx>;
  readonly #consumers: TestConsumers;
  readonly #settling: SettleParts;
  readonly #outbox: Outbox;

  constructor(parts: TestHarnessParts<Tx>) {
    const { world, time, activity, settleMs = 5_000 } = parts;
    this.#parts = parts;
    this.#consumers = new TestConsumers(time, () => world.start());
    this.#outbox = createOutbox(parts.outbox);
    const status = (): ConsumerStatus[] => this.status();
    const outstanding = () => outstandingOf(this.status(), world);
    this.#settling = { time, activity, outstanding, status, settleMs };
  }

  now(): number {
    return this.#parts.time.now();
  }

  readonly createConsumer = (options: HarnessConsumerOptions<Tx>): Consumer => {
    const { world, time } = this.#parts;
    const { group, subscriptions, ...tuning } = options;
    const bound = subscriptions.map((subscription) => bindSubscription(subscription, group));
    const modes = new Map(bound.map(({ subscription, decode }) => [subscription.name, decode]));
    const schemas = new SchemaCache().over(world.schemas);
    const consumer = createConsumer<Tx>({
      ...tuning,
      subscriptions: bound.map(({ subscription }) => subscription),
      transactions: this.#watchedTransactions(world.transactions),
      inbox: world.inbox,
      forwarder: world.forwarder,
      decoder: this.#watchedDecoder(new PayloadDecoder(schemas, (subscription) => modes.get(subscription) ?? 'auto')),
      topics: world.topics,
      members: world.members,
      offsetsInTransaction: true,
      clock: time,
      sleep: time.sleep,
      // In the middle: waits are the same in every run.
      random: () => 0.5,
    });
    return this.#consumers.add(consumer);
  };

  async emit(topic: string, message: Message): Promise<string> {
    const { world } = this.#parts;
    await world.start();
    await world.createTopic(topic);
    return world.transactions.run((tx) => this.#outbox.emit(tx, topic, message));
  }

  settle(): Promise<void> {
    this.#consumers.refuseNone();
    return settle(this.#settling);
  }

  async advance(ms: number): Promise<void> {
    this.#consumers.refuseNone();
    await advance(this.#settling, ms);
  }

  records(topic: string): Promise<readonly TopicRecord[]> {
    return this.#parts.world.records(topic);
  }

  async deadLetters(): Promise<readonly DeadLetter[]> {
    const { world } = this.#parts;
    const dlqs = (await world.topics.list()).filter((topic) => topic.endsWith('.dlq')).sort();
    const letters: DeadLetter[] = [];
    for (const topic of dlqs) letters.push(...(await world.records(topic)).map(deadLetterOf));
    return letters;
  }

  status(): ConsumerStatus[] {
    return this.#consumers.status();
  }

  async close(): Promise<void> {
    await this.#consumers.stop();
    await this.#parts.world.stop();
  }

  /** Handlers run in transactions, so that these are all that may be under way. */
  #watchedTransactions(transactions: Transactions<Tx>): Transactions<Tx> {
    return {
      run: (work) => this.#parts.activity.during(() => transactions.run(work)),
      queryable: (tx) => transactions.queryable(tx),
      isTransient: (error, where) => transactions.isTransient(error, where),
    };
  }

  #watchedDecoder(decoder: PayloadDecoder): Decoder {
    return {
      decode: (record, subscription) => this.#parts.activity.during(() => decoder.decode(record, subscription)),
    };
  }
}
