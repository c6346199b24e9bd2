import { randomUUID } from 'node:crypto';
import type { SchemaSource } from '#libs/codec';
import { type MemberFactory, type Topics, type Transactions } from '#libs/movers/consumer';
import { logSink, outboxSource, Sequencer, SEQUENCER_DEFAULTS } from '#libs/movers/sequencer';
import { postgresTransport, PostgresSchemaSource, type TransactionHandle, type Transport } from '#libs/sdk';
import { PostgresInbox } from '#libs/stores/inbox';
import { createTopic, findTopic } from '#libs/stores/outbox';
import { PostgresTopicReader, type TopicRecord } from '#libs/stores/topic';
import { OutboxForwarder } from '../../../src/consumer/outbox-forwarder.ts';
import { type PlatformConnections, platformConnections } from '../../../src/consumer/platform-connections.ts';
import type { ConsumerDatabase } from '../../../src/consumer/database/consumer-database.ts';
import type { World } from '../world.ts';
import { isSequenced } from './is-sequenced.sql.ts';

const STOP_MS = 5_000;
/** Members learn of new topics by heartbeats, in real time. */
const HEARTBEAT_MS = 50;
const PAGE = { maxRecords: 1_000, maxBytes: 4 * 1024 * 1024 };
const silent = { ledSince: () => undefined, ledNoMore: () => undefined, committed: () => undefined };

/** A migrated database with a sequencer of its own, as a relay would run it. */
export class DatabaseWorld<Tx extends TransactionHandle> implements World<Tx> {
  readonly transactions: Transactions<Tx>;
  readonly inbox = new PostgresInbox();
  readonly forwarder = new OutboxForwarder();
  readonly topics: Topics;
  readonly members: MemberFactory;
  readonly schemas: SchemaSource;
  readonly #database: ConsumerDatabase<Tx>;
  readonly #connections: PlatformConnections;
  readonly #transport: Transport;
  readonly #reader: PostgresTopicReader;
  readonly #sequencer: Sequencer;
  #starting: Promise<void> | undefined;

  constructor(database: ConsumerDatabase<Tx>, onError: (error: unknown) => void) {
    this.#database = database;
    this.#connections = platformConnections(database.url, onError);
    const { db } = this.#connections;
    this.#transport = postgresTransport()({ ...this.#connections, onError });
    this.#reader = new PostgresTopicReader(db);
    const options = { ...SEQUENCER_DEFAULTS, holder: randomUUID(), info: { host: 'test', pid: process.pid } };
    this.#sequencer = new Sequencer(outboxSource(db), logSink(db), { ...silent, failed: onError }, options);
    this.transactions = database.transactions;
    this.topics = this.#transport.topics;
    this.members = (request) => this.#transport.member(request, { heartbeatMs: HEARTBEAT_MS });
    this.schemas = new PostgresSchemaSource(db);
  }

  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async stop(): Promise<void> {
    if (this.#starting !== undefined) {
      await this.#sequencer.stop(STOP_MS);
      await this.#transport.stop({ deadlineMs: STOP_MS });
    }
    await this.#connections.close();
    await this.#database.close();
  }

  async createTopic(topic: string): Promise<void> {
    const { db } = this.#connections;
    if ((await findTopic(db, topic)) === undefined) await createTopic(db, topic);
  }

  isReadable(): Promise<boolean> {
    return isSequenced(this.#connections.db);
  }

  /** Looks as a consumer does, and leaves it there. */
  async mayGoOn(group: string, topics: readonly string[]): Promise<boolean> {
    const client = await this.#connections.db.connect();
    try {
      await client.query('begin');
      const found = await this.inbox.takeParked(client, group, topics);
      await client.query('rollback');
      return found !== null;
    } finally {
      client.release();
    }
  }

  async records(topic: string): Promise<readonly TopicRecord[]> {
    const records: TopicRecord[] = [];
    for (const { partition } of await this.topics.ends(topic)) {
      const { startOffset } = await this.#reader.range(topic, partition);
      for (let offset = startOffset; ;) {
        const page = await this.#reader.read(topic, partition, offset, PAGE);
        if (page.records.length === 0) break;
        records.push(...page.records);
        offset = page.nextOffset;
      }
    }
    return records;
  }

  async #start(): Promise<void> {
    this.#database.refuseUnready();
    await this.#sequencer.start();
    await this.#transport.start();
  }
}
