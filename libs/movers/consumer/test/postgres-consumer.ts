import type pg from 'pg';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Database } from '#libs/foundation/postgres';
import { PostgresInbox } from '#libs/stores/inbox';
import {
  GroupMember,
  logRecordSource,
  LogWatcher,
  PostgresGroupCoordinator,
  PostgresTopicReader,
  readCursor,
  type RecordHeader,
} from '#libs/stores/topic';
import {
  type Consumer,
  createConsumer,
  type Forwarder,
  isAbandoned,
  type Subscription,
  type Topics,
  type Transactions,
} from '../src/index.ts';

/** Transactions of a pool; a connection that a late handler may still use is closed. */
export function poolTransactions(db: Database): Transactions<pg.PoolClient> {
  return {
    run: async (work) => {
      const client = await db.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        const result = await work(client);
        const ended = await client.query('commit');
        if (ended.command !== 'COMMIT') throw new TidemarkError('TRANSACTION_ABORTED', 'a statement had failed');
        return result;
      } catch (error) {
        if (isAbandoned(error)) broken = error as Error;
        else await client.query('rollback').catch((lost: Error) => (broken = lost));
        throw error;
      } finally {
        client.release(broken);
      }
    },
    queryable: async (tx) => tx,
    isTransient: (error) =>
      /^(40001|40P01|57P0[1-3]|08...)$/.test(String((error as { code?: unknown }).code)) ||
      /Connection terminated|not queryable/.test((error as Error).message),
  };
}

/** As an application emits, but under the id and with the headers of the message; the database's own check refuses those. */
const outboxForwarder: Forwarder = {
  forward: async (tx, { topic, key, value, headers, messageId, schemaId }) => {
    const stored = headers.map(([name, bytes]: RecordHeader) => [
      name,
      bytes === null ? null : { base64: bytes.toString('base64') },
    ]);
    await tx.query('select outbox.append($1, $2, $3, $4, null, $5, $6)', [
      topic,
      key,
      value,
      JSON.stringify(stored),
      messageId,
      schemaId,
    ]);
  },
};

function topicsOf(db: Database, reader: PostgresTopicReader): Topics {
  return {
    list: async () => (await db.query<{ name: string }>('select name from outbox.topic')).rows.map(({ name }) => name),
    ensure: async (topics) => {
      for (const { topic } of topics) await db.query('select outbox.create_topic($1, 2)', [topic]);
    },
    ends: (topic) => reader.ranges(topic),
  };
}

/** A consumer of topics in Postgres with everything real but the sequencer, which the caller runs. */
export class PostgresConsumer {
  readonly consumer: Consumer;
  readonly #watcher: LogWatcher;

  constructor(db: Database, subscriptions: readonly Subscription<pg.PoolClient>[]) {
    const reader = new PostgresTopicReader(db);
    this.#watcher = new LogWatcher(
      () => readCursor(db),
      () => undefined,
    );
    const source = logRecordSource(reader, this.#watcher);
    this.consumer = createConsumer<pg.PoolClient>({
      subscriptions,
      transactions: poolTransactions(db),
      inbox: new PostgresInbox(),
      forwarder: outboxForwarder,
      decoder: { decode: async ({ value }) => ({ value: JSON.parse(String(value)) as unknown, schema: null }) },
      topics: topicsOf(db, reader),
      members: ({ group, topics, events }) =>
        new GroupMember({
          coordinator: new PostgresGroupCoordinator(db),
          source,
          group,
          topics,
          ...events,
          heartbeatMs: 250,
        }),
      offsetsInTransaction: true,
      commitIntervalMs: 50,
      parkedIntervalMs: 50,
      lagIntervalMs: 100,
      appVersion: '1.2.3',
    });
  }

  async start(): Promise<void> {
    await this.#watcher.start();
    await this.consumer.start();
  }

  async stop(): Promise<void> {
    await this.consumer.stop({ deadlineMs: 5_000 });
    await this.#watcher.stop(1_000);
  }
}
