import type { SchemaSource } from '#libs/codec';
import { TidemarkError } from '#libs/foundation/kernel';
import type { MemberFactory } from '#libs/movers/consumer';
import type { TransactionHandle } from '#libs/sdk';
import type { TopicRecord } from '#libs/stores/topic';
import type { Activity } from '../activity.ts';
import type { TestTime } from '../test-time.ts';
import type { World } from '../world.ts';
import { MemoryForwarder } from './memory-forwarder.ts';
import type { MemoryHarnessOptions } from './memory-harness-options.ts';
import { MemoryInbox } from './memory-inbox.ts';
import { MemoryLog } from './memory-log.ts';
import { MemoryMember } from './memory-member.ts';
import { type MemoryTransaction, MemoryTransactions } from './memory-transaction.ts';

const PARTITIONS = 3;

/** All of it in memory. */
export class MemoryWorld<Tx extends TransactionHandle> implements World<Tx> {
  readonly transactions: MemoryTransactions<Tx>;
  readonly inbox = new MemoryInbox();
  readonly forwarder = new MemoryForwarder();
  readonly topics: MemoryLog;
  readonly members: MemberFactory;
  readonly schemas: SchemaSource;

  constructor(options: MemoryHarnessOptions<Tx>, time: TestTime, activity: Activity) {
    const { partitions = PARTITIONS, topics = [], transaction, schemas = noSchemas() } = options;
    this.topics = new MemoryLog(() => time.now(), partitions);
    for (const topic of topics) this.topics.create(topic);
    const dress = transaction ?? ((memory: MemoryTransaction) => memory as unknown as Tx);
    this.transactions = new MemoryTransactions(this.topics, dress);
    this.members = (request) => new MemoryMember(this.topics, request, { sleep: time.sleep, activity });
    this.schemas = schemas;
  }

  async start(): Promise<void> {
    // There is nothing to begin.
  }

  async stop(): Promise<void> {
    // Nor to end.
  }

  async createTopic(topic: string): Promise<void> {
    this.topics.create(topic);
  }

  async isReadable(): Promise<boolean> {
    return true;
  }

  async mayGoOn(group: string): Promise<boolean> {
    return this.inbox.mayGoOn(group);
  }

  async records(topic: string): Promise<readonly TopicRecord[]> {
    return this.topics.records(topic);
  }
}

function noSchemas(): SchemaSource {
  const refuse = async (): Promise<never> => {
    throw new TidemarkError('SCHEMA_UNKNOWN', 'this harness has no schemas', {
      remedy: 'Pass `schemas` to memoryHarness.',
    });
  };
  return { byId: refuse, byGuid: refuse, latest: refuse, byVersion: refuse };
}
