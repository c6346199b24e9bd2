import type { Clock } from '#libs/foundation/kernel';
import type { Sleep } from '#libs/foundation/lifecycle';
import type { ConsumerObserver } from './consumer-observer.ts';
import type { Decoder } from './ports/decoder.ts';
import type { Forwarder } from './ports/forwarder.ts';
import type { Inbox } from './ports/inbox.ts';
import type { MemberFactory } from './ports/member.ts';
import type { Topics } from './ports/topics.ts';
import type { Transactions } from './ports/transactions.ts';
import type { Subscription } from './subscription/subscription.ts';

export interface ConsumerOptions<Tx> {
  readonly subscriptions: readonly Subscription<Tx>[];
  readonly transactions: Transactions<Tx>;
  readonly inbox: Inbox;
  readonly forwarder: Forwarder;
  readonly decoder: Decoder;
  readonly topics: Topics;
  readonly members: MemberFactory;
  /**
   * True when members keep offsets in the database of `transactions`: then an offset commits together with the effects of
   * its message. False (Kafka): afterwards, within `commitIntervalMs`.
   */
  readonly offsetsInTransaction: boolean;
  /** Name of the Kafka cluster, for headers; default: none, topics in Postgres. */
  readonly cluster?: string;
  /** Version of the application, for headers; default: none. */
  readonly appVersion?: string;
  /** Longest time between the end of a message and the commit of its offset, ms; default 1,000. */
  readonly commitIntervalMs?: number;
  /** Records behind the end, over all partitions of the consumer, with which it may call itself ready; default 1,000. */
  readonly readyLag?: number;
  /** Between two looks at the ends of partitions, ms; default 5,000. */
  readonly lagIntervalMs?: number;
  /** Between two looks for topics that patterns select, ms; default 5,000. */
  readonly topicsIntervalMs?: number;
  /** Between two looks for parked messages that may go on, ms; default 1,000. */
  readonly parkedIntervalMs?: number;
  /** Waits after troubles of the database or the transport; default 100 ms doubling to 10,000 ms. */
  readonly troubleBackoff?: { readonly minMs: number; readonly maxMs: number };
  readonly observer?: ConsumerObserver;
  /** Wall clock, for due times and headers. */
  readonly clock?: Clock;
  readonly sleep?: Sleep;
  /** In [0, 1); spreads retries. Default Math.random. */
  readonly random?: () => number;
  /** Default crypto.randomUUID. */
  readonly newId?: () => string;
}
