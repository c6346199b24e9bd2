import type pg from 'pg';
import { PostgresTopicReader } from '#libs/stores/topic';
import type { BenchDatabase } from '../bench-server.ts';
import type { Bench } from '../measurement.ts';
import type { Run } from '../rounds.ts';
import { prepareBusinessTables } from './business-transaction.ts';
import { fillOutbox, lastPosition } from './fill-outbox.ts';
import { markLog, rewindLog, sequenceUpTo } from './sequence-backlog.ts';

const WRITERS = 4;
const BACKLOG = 100_000;

/** A database whose messages are all in the log. */
export interface History {
  readonly messages: number;
  readonly database: BenchDatabase;
  readonly db: ReturnType<BenchDatabase['pool']>;
  readonly clients: readonly pg.PoolClient[];
  readonly reader: PostgresTopicReader;
  /** Position up to which everything is in the log, and the last one. */
  sequenced: number;
  last: number;
}

export async function makeHistory(bench: Bench, messages: number): Promise<History> {
  bench.progress(`  making a history of ${messages} messages`);
  const database = await bench.server.createDatabase();
  await prepareBusinessTables(database);
  const db = database.pool(4);
  const last = await fillOutbox(db, { topic: 'orders', messages, payloadBytes: 300, keys: 50_000 });
  await sequenceUpTo(db, last);
  await db.query('vacuum (analyze) log.batch');
  const writers = database.pool(WRITERS);
  const clients = await Promise.all(Array.from({ length: WRITERS }, () => writers.connect()));
  return { messages, database, db, clients, reader: new PostgresTopicReader(db), sequenced: last, last };
}

/** Sequences what the transactions wrote, then adds the same backlog to either side. */
export async function addBacklog(history: History): Promise<void> {
  const { db } = history;
  history.sequenced = await lastPosition(db);
  await sequenceUpTo(db, history.sequenced);
  await markLog(db);
  history.last = await fillOutbox(db, { topic: 'orders', messages: BACKLOG, payloadBytes: 300, keys: 50_000 });
}

export async function sequenceAgain({ db, sequenced, last }: History): Promise<Run> {
  await rewindLog(db, sequenced);
  return { units: BACKLOG, ms: await sequenceUpTo(db, last) };
}

export async function closeHistory({ database, clients }: History): Promise<void> {
  for (const client of clients) client.release();
  await database.drop();
}
