import type pg from 'pg';
import { PostgresTopicReader } from '#libs/stores/topic';
import type { BenchDatabase } from '../bench-server.ts';
import type { Finding } from '../finding.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { compare, type Run } from '../rounds.ts';
import { EMIT_BYTES, prepareBusinessTables, runTransactions } from './business-transaction.ts';
import { fillOutbox } from './fill-outbox.ts';
import { markLog, rewindLog, sequenceUpTo } from './sequence-backlog.ts';

const SHORT_HISTORY = 100_000;
const BACKLOG = 100_000;
const CONNECTIONS = 4;
const TURNS = 16;
const PAGE = 1_000;
const PAGES = 200;
const AT_LEAST = 0.9;

/**
 * Row 7: the same work on a database with a long history and on one with a short one, in turns on the same server. Every
 * message of the history is in the log.
 */
export const withHistory: Measurement = {
  name: 'history',
  run: async (bench, found) => {
    const histories: History[] = [];
    try {
      histories.push(await makeHistory(bench, bench.options.history), await makeHistory(bench, SHORT_HISTORY));
      const [long, short] = histories as [History, History];
      for (const compareOne of [comparePages, compareTransactions, compareBacklogs]) {
        found(await compareOne(bench, long, short));
      }
    } finally {
      for (const history of histories) await close(history);
    }
  },
};

interface History {
  readonly messages: number;
  readonly database: BenchDatabase;
  readonly db: ReturnType<BenchDatabase['pool']>;
  readonly clients: readonly pg.PoolClient[];
  readonly reader: PostgresTopicReader;
  /** Position up to which everything is in the log, and the last one. */
  sequenced: number;
  last: number;
}

function common(bench: Bench): { row: string; rounds: number; atLeast: number; serverPid: number | undefined } {
  return { row: '7', rounds: bench.options.rounds, atLeast: AT_LEAST, serverPid: bench.server.pid };
}

const label = (long: History, short: History): string =>
  `${long.messages.toLocaleString('en')} messages of history vs ${short.messages.toLocaleString('en')}`;

function comparePages(bench: Bench, long: History, short: History): Promise<Finding> {
  return compare({
    ...common(bench),
    what: `read random pages, ${label(long, short)}`,
    unit: 'records',
    measured: () => readRandomPages(long),
    floor: () => readRandomPages(short),
    details: { page: PAGE, pages: PAGES },
  });
}

function compareTransactions(bench: Bench, long: History, short: History): Promise<Finding> {
  const ms = (bench.options.seconds * 1000) / TURNS;
  return compare({
    ...common(bench),
    turns: TURNS,
    what: `transaction with emit, ${label(long, short)}`,
    unit: 'tx',
    measured: () => runTransactions(long.clients, EMIT_BYTES, ms),
    floor: () => runTransactions(short.clients, EMIT_BYTES, ms),
    details: { connections: CONNECTIONS },
  });
}

async function compareBacklogs(bench: Bench, long: History, short: History): Promise<Finding> {
  await addBacklog(long);
  await addBacklog(short);
  return compare({
    ...common(bench),
    what: `outbox to log, ${label(long, short)}`,
    unit: 'messages',
    measured: () => sequenceAgain(long),
    floor: () => sequenceAgain(short),
    details: { backlog: BACKLOG },
  });
}

async function makeHistory(bench: Bench, messages: number): Promise<History> {
  bench.progress(`  making a history of ${messages} messages`);
  const database = await bench.server.createDatabase();
  await prepareBusinessTables(database);
  const db = database.pool(4);
  const last = await fillOutbox(db, { topic: 'orders', messages, payloadBytes: 300, keys: 50_000 });
  await sequenceUpTo(db, last);
  await db.query('vacuum (analyze) log.batch');
  const writers = database.pool(CONNECTIONS);
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => writers.connect()));
  return { messages, database, db, clients, reader: new PostgresTopicReader(db), sequenced: last, last };
}

/** Pages at places that are random over the whole history. */
async function readRandomPages({ reader }: History): Promise<Run> {
  const ranges = await reader.ranges('orders');
  const startedAt = performance.now();
  let units = 0;
  for (let page = 0; page < PAGES; page += 1) {
    const { partition, endOffset } = ranges[page % ranges.length]!;
    const offset = BigInt(Math.floor(Math.random() * (Number(endOffset) - PAGE)));
    units += (await reader.read('orders', partition, offset, { maxRecords: PAGE, maxBytes: 8_000_000 })).records.length;
  }
  return { units, ms: performance.now() - startedAt };
}

/** Sequences what the transactions wrote, then adds the same backlog to either side. */
async function addBacklog(history: History): Promise<void> {
  const { db } = history;
  const written = await db.query<{ last: string }>('select last_value as last from outbox.position');
  await sequenceUpTo(db, Number(written.rows[0]!.last));
  await markLog(db);
  history.sequenced = Number(written.rows[0]!.last);
  history.last = await fillOutbox(db, { topic: 'orders', messages: BACKLOG, payloadBytes: 300, keys: 50_000 });
}

async function sequenceAgain({ db, sequenced, last }: History): Promise<Run> {
  await rewindLog(db, sequenced);
  return { units: BACKLOG, ms: await sequenceUpTo(db, last) };
}

async function close({ database, clients }: History): Promise<void> {
  for (const client of clients) client.release();
  await database.drop();
}
