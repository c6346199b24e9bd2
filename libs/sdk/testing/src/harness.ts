import type { Consumer, EventSubscription, Message } from '#libs/sdk';
import type { ConsumerOptions, ConsumerStatus } from '#libs/movers/consumer';
import type { RecordHeader, TopicRecord } from '#libs/stores/topic';

/** A consumer as tests make it: that of the application, without where it runs. */
export interface HarnessConsumerOptions<Tx> extends Pick<
  ConsumerOptions<Tx>,
  'appVersion' | 'commitIntervalMs' | 'readyLag' | 'parkedIntervalMs' | 'observer'
> {
  readonly group: string;
  readonly subscriptions: readonly EventSubscription<Tx>[];
}

/** A message that a group gave up on. */
export interface DeadLetter {
  /** The dlq. */
  readonly topic: string;
  readonly sourceTopic: string;
  readonly group: string;
  readonly handler: string;
  readonly messageId: string;
  readonly key: string | null;
  /** JSON as its value, other bytes as they are. */
  readonly value: unknown;
  readonly attempts: number;
  readonly errorClass: string;
  readonly errorMessage: string;
  /** The message's own headers and those that say more of the failure. */
  readonly headers: readonly RecordHeader[];
}

/**
 * Emits to consumers, lets them run, and shows what became of the messages, under a clock that only moves when told to.
 */
export interface ConsumerHarness<Tx> {
  /** Milliseconds since the epoch; begins at the harness's `start`. */
  now(): number;
  /** Makes a consumer that runs here, for `start` and `settle`; pass it to TidemarkServer to test an application of Nest. */
  readonly createConsumer: (options: HarnessConsumerOptions<Tx>) => Consumer;
  /** As a producer in a transaction of its own. Makes the topic when it is missing. Answers the message's id. */
  emit(topic: string, message: Message): Promise<string>;
  /**
   * Lets everything happen that can happen now: handlers run, retries in place pass their waits. Afterwards each message is
   * handled, parked, in a dlq, or waits in a retry topic for its time. Throws when that takes more than `settleMs` of real time.
   */
  settle(): Promise<void>;
  /** Moves the clock and settles on the way: messages of retry topics come due, breakers let a delivery try. */
  advance(ms: number): Promise<void>;
  /** All records of a topic, in order of partition and offset; none for one that does not exist. */
  records(topic: string): Promise<readonly TopicRecord[]>;
  /** Of all dlqs, in order of their names. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Of the consumers that run here. */
  status(): readonly ConsumerStatus[];
  /** Stops the consumers that still run. */
  close(): Promise<void>;
}
