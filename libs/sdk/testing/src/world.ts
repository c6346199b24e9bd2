import type { SchemaSource } from '#libs/codec';
import type { Forwarder, Inbox, MemberFactory, Topics, Transactions } from '#libs/movers/consumer';
import type { TransactionHandle } from '#libs/sdk';
import type { TopicRecord } from '#libs/stores/topic';

/** Where a harness runs: what its consumers work on, and what only tests ask for. */
export interface World<Tx extends TransactionHandle> {
  readonly transactions: Transactions<Tx>;
  readonly inbox: Inbox;
  readonly forwarder: Forwarder;
  readonly topics: Topics;
  readonly members: MemberFactory;
  readonly schemas: SchemaSource;
  /** Callers share the first call. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Does nothing for a topic that is there. */
  createTopic(topic: string): Promise<void>;
  /** True when everything that was committed can be read. */
  isReadable(): Promise<boolean>;
  /** True when messages may go on that had waited for another one of their key. */
  mayGoOn(group: string, topics: readonly string[]): Promise<boolean>;
  /** In order of partition and offset. */
  records(topic: string): Promise<readonly TopicRecord[]>;
}
