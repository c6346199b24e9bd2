import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Database } from '#libs/foundation/postgres';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { PartitionMaintenance, retentionStore } from '../../src/index.ts';
import { emitMany, never, OPTIONS, prepareOutbox, sequenceAll, sequencerOf } from './filled-outbox.ts';

/** Partitions come and go under writers that never stop: what does the worst of their transactions wait? */
const EMIT_MAX_MS = 2_000;
const DETACH_WAIT_MS = 500;

let database: TestDatabase;
let impatient: Database;
let maintenance: PartitionMaintenance;

beforeEach(async () => {
  database = await createTestDatabase({ poolMax: 12 });
  await prepareOutbox(database);
  impatient = new Database({ url: database.url, poolMax: 2, statementTimeoutMs: DETACH_WAIT_MS });
  maintenance = new PartitionMaintenance(retentionStore(impatient), OPTIONS);
});

afterEach(async () => {
  await impatient.close();
  await database.drop();
});

interface Writers {
  /** Resolves to the latencies of all transactions in ms, ascending. */
  stop(): Promise<number[]>;
}

/** Writers that emit without a break until they are stopped. */
function startWriters(count: number): Writers {
  const stopped = new AbortController();
  const latencies: number[] = [];
  const writers = Array.from({ length: count }, async (_, writer) => {
    for (let n = 0; !stopped.signal.aborted; n++) {
      const startedAt = performance.now();
      await database.db.transaction(async (tx) => {
        await tx.query(`select outbox.emit('brief', $1, to_jsonb($2::integer)) from generate_series(1, 5)`, [
          `${writer}-${n % 7}`,
          n,
        ]);
      });
      latencies.push(performance.now() - startedAt);
    }
  });
  const ended = Promise.all(writers);
  return {
    stop: async () => {
      stopped.abort();
      await ended;
      return latencies.sort((a, b) => a - b);
    },
  };
}

function expectShort(what: string, latencies: readonly number[]): void {
  const at = (share: number): string =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!.toFixed(1);
  console.info(`${what}: ${latencies.length} transactions, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
  expect(latencies.at(-1)).toBeLessThan(EMIT_MAX_MS);
}

describe('writers', () => {
  test('go on while partitions are created and dropped', async () => {
    const sequencer = sequencerOf(database.db);
    await sequencer.start();
    const writers = startWriters(4);
    const dropped: string[] = [];
    try {
      await eventually(async () => {
        dropped.push(...(await maintenance.run(never)).dropped);
        expect(dropped.length).toBeGreaterThanOrEqual(6);
      }, 30_000);
    } finally {
      await writers.stop();
      await sequencer.stop(5_000);
    }
    const latencies = await writers.stop();
    expectShort(`creating and dropping ${dropped.length} partitions`, latencies);
    const first = await database.db.query<{ n: string }>('select min(id) as n from outbox.message');
    expect(Number(first.rows[0]!.n)).toBeGreaterThanOrEqual(6_000);
  });

  test('go on while a detach waits for a long transaction; the next run ends the detach beside it', async () => {
    await withLongTransaction('read committed', async (writers) => {
      expect(await maintenance.run(never)).toMatchObject({ marked: ['message_0'], dropped: [], blocked: 'message_0' });
      // It holds no snapshot between its statements, so finishing the detach need not wait for it.
      expect((await maintenance.run(never)).dropped).toContain('message_0');
      expectShort('detach beside a long transaction', await writers.stop());
    });
  });

  test('go on while a detach waits for an old snapshot, and partitions are made all the while', async () => {
    await withLongTransaction('repeatable read', async (writers, end) => {
      expect(await maintenance.run(never)).toMatchObject({ marked: ['message_0'], dropped: [], blocked: 'message_0' });
      let created = 0;
      await eventually(async () => {
        const report = await maintenance.run(never);
        expect(report.blocked).toBe('message_0');
        created += report.created;
        expect(created).toBeGreaterThan(0);
      }, 30_000);
      await end();
      expect((await maintenance.run(never)).dropped).toContain('message_0');
      expectShort('detach waiting for an old snapshot', await writers.stop());
    });
  });
});

/** Two partitions' worth in the log, one transaction that has used outbox.message and stays open, and busy writers. */
async function withLongTransaction(
  isolation: string,
  work: (writers: Writers, end: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await emitMany(database.db, 'brief', 1_500);
  await sequenceAll(database.db);
  const long = await database.db.connect();
  await long.query(`begin isolation level ${isolation}`);
  await long.query(`select outbox.emit('brief', 'long', '1')`);
  const writers = startWriters(3);
  const end = async () => {
    await long.query('commit');
  };
  try {
    await work(writers, end);
  } finally {
    await writers.stop();
    await end();
    long.release();
  }
}
