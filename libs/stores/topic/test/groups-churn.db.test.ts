import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { PostgresGroupAdmin } from '../src/groups/postgres/postgres-group-admin.ts';
import { emit } from './groups-fixture.ts';
import { HANDLED_TABLE, runWorker } from './groups-worker.ts';
import { startLog, type TestLog } from './test-log.ts';

const PARTITIONS = 6;
const PER_PARTITION = 1_000;
const FIXTURE = fileURLToPath(new URL('./groups-worker.fixture.ts', import.meta.url));
const seed = testSeed();

let log: TestLog;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  log = await startLog();
  await log.db.query(HANDLED_TABLE);
});

afterEach(async () => {
  for (const worker of processes.splice(0)) await kill(worker, 'SIGKILL');
});

afterAll(() => log.stop());

async function create(topic: string): Promise<void> {
  await log.db.query('select outbox.create_topic($1, $2)', [topic, PARTITIONS]);
}

async function fill(topic: string): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition += 1) await emit(log.db, topic, partition, PER_PARTITION);
  await log.caughtUp();
}

function launch(topic: string, name: string): ChildProcess {
  const args = [
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    FIXTURE,
    log.url,
    'killed',
    topic,
    name,
  ];
  const worker = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  processes.push(worker);
  return worker;
}

async function kill(worker: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = once(worker, 'exit');
  worker.kill(signal);
  await exited;
}

async function handledBy(topic: string): Promise<Map<string, number>> {
  const result = await log.db.query<{ worker: string; n: number }>(
    'select worker, count(*)::integer as n from handled where topic = $1 group by worker',
    [topic],
  );
  return new Map(result.rows.map((row) => [row.worker, row.n]));
}

async function total(topic: string): Promise<number> {
  return [...(await handledBy(topic)).values()].reduce((sum, n) => sum + n, 0);
}

/** Every record once (the primary key sees to that), and each partition in the order of its offsets. */
async function expectAllInOrder(topic: string): Promise<void> {
  const rows = await log.db.query<{ partition: number; n: number; disorder: number }>(
    `select partition, count(*)::integer as n, (count(*) filter (where "offset" <> expected))::integer as disorder
     from (select partition, "offset", row_number() over (partition by partition order by id) - 1 as expected from handled where topic = $1) h
     group by partition order by partition`,
    [topic],
  );
  expect(rows.rows).toEqual(
    Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, n: PER_PARTITION, disorder: 0 })),
  );
}

describe('members that come and go', () => {
  test('three killed abruptly, then replaced: every record is handled once and in order', async () => {
    await create('killed');
    const first = ['a', 'b', 'c'].map((name) => launch('killed', name));
    // All are there before the work: a process that takes its time to start would find nothing left.
    const admin = new PostgresGroupAdmin(log.db);
    await eventually(async () => expect((await admin.describe('killed')).members).toHaveLength(3), 30_000);
    await fill('killed');
    await eventually(async () => expect((await handledBy('killed')).size).toBe(3), 30_000);
    await Promise.all(first.map((worker) => kill(worker, 'SIGKILL')));
    const atKill = await total('killed');
    expect(atKill).toBeLessThan(PARTITIONS * PER_PARTITION);

    const second = ['d', 'e'].map((name) => launch('killed', name));
    await eventually(async () => expect(await total('killed')).toBe(PARTITIONS * PER_PARTITION), 40_000);
    await expectAllInOrder('killed');
    await Promise.all(second.map((worker) => kill(worker, 'SIGTERM')));
    expect(await admin.describe('killed')).toMatchObject({
      state: 'empty',
      lagRecords: 0n,
      members: [],
    });
  });

  test(`members joining and leaving at random: every record is handled once and in order (SEED=${seed})`, async () => {
    await create('churn');
    await fill('churn');
    const random = seededRandom(seed);
    const running: { stop: AbortController; ended: Promise<void> }[] = [];
    let names = 0;
    const join = (): void => {
      const stop = new AbortController();
      const ended = runWorker({
        url: log.url,
        group: 'churn',
        topic: 'churn',
        name: `w${(names += 1)}`,
        signal: stop.signal,
      });
      running.push({ stop, ended });
    };
    const moreThan = (before: number): Promise<number> =>
      eventually(async () => {
        const now = await total('churn');
        expect(now).toBeGreaterThan(before);
        return now;
      }, 20_000);
    const leave = async (): Promise<void> => {
      const [worker] = running.splice(Math.floor(random() * running.length), 1);
      worker!.stop.abort();
      await worker!.ended;
    };
    try {
      join();
      let handled = 0;
      while (handled < PARTITIONS * PER_PARTITION) {
        handled = await moreThan(handled);
        if (running.length < 2 || (running.length < 4 && random() < 0.5)) join();
        else await leave();
      }
      await expectAllInOrder('churn');
      expect(names).toBeGreaterThan(3);
    } finally {
      while (running.length > 0) await leave();
    }
  });
});
