import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import type { Child } from './harness/child.ts';
import { RelayProcess } from './harness/relay-process.ts';
import { RegistryProcess } from './harness/registry-process.ts';
import { StandaloneProcess } from './harness/standalone-process.ts';

// Another session holds locks that statements of a service wait for, and does not let go: a migration, say, or somebody's
// open psql. The service must end all the same, in its time, and with exit code 0.
const DRAIN_MS = 3_000;
const SETTINGS = { TIDEMARK_DRAIN_MS: String(DRAIN_MS) };

let database: TestDatabase;
let service: Child;
beforeEach(async () => {
  database = await createTestDatabase();
  await database.db.query(`select outbox.create_topic('orders', 1)`);
});
afterEach(async () => {
  if (service?.running) await service.kill();
  await database.drop();
});

/** Runs `work` while the tables are locked. */
async function whileLocked(tables: string, work: () => Promise<void>): Promise<void> {
  const holder = await database.db.connect();
  try {
    await holder.query('begin');
    await holder.query(`lock table ${tables} in access exclusive mode`);
    await work();
  } finally {
    await holder.query('rollback');
    holder.release();
  }
}

/** Sessions of these names that wait for a lock, one entry each. */
async function waiting(): Promise<string[]> {
  const { rows } = await database.db.query<{ name: string }>(
    `select application_name as name from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' order by 1`,
  );
  return rows.map(({ name }) => name);
}

const statusOf = (request: Promise<Response>): Promise<number | 'cut'> =>
  request.then(
    (answer) => answer.status,
    () => 'cut' as const,
  );

const register = (url: string): Promise<Response> =>
  fetch(`${url}/subjects/s/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: '"string"' }),
  });
const read = (url: string): Promise<Response> => fetch(`${url}/v1/topics/orders/records`);

async function expectStopped(): Promise<void> {
  const askedAt = performance.now();
  service.signal('SIGTERM');
  expect([await service.exited, service.lines.at(-1)]).toEqual([{ code: 0, signal: null }, expect.any(String)]);
  expect(performance.now() - askedAt).toBeLessThan(DRAIN_MS + 1_000);
  // Nothing waits on in Postgres for somebody who is gone.
  await eventually(async () => expect(await waiting()).toEqual([]));
}

describe('SIGTERM while another session holds a lock that is waited for: exit code 0 in time', () => {
  test('the schema registry; its client is told to try again', async () => {
    const registry = new RegistryProcess(database.url, SETTINGS);
    service = registry;
    const url = await registry.url();
    await whileLocked('registry.subject_version', async () => {
      const status = statusOf(register(url));
      await eventually(async () => expect(await waiting()).toEqual(['tidemark registry']));
      await expectStopped();
      // 500 is what registries say and what their clients try again.
      expect(await status).toBe(500);
    });
  });

  test('the relay, with a reader and the sequencer waiting; the lease is given back', async () => {
    const relay = new RelayProcess(database.url, SETTINGS);
    service = relay;
    const url = await relay.url();
    await whileLocked('log.batch', async () => {
      const status = statusOf(read(url));
      await database.db.query(`select outbox.emit('orders', 'k', '{}')`);
      await eventually(async () => expect(await waiting()).toEqual(['tidemark relay', 'tidemark sequencer']));
      await expectStopped();
      expect(await status).toBe(503);
    });
  });

  test('all of them in one process', async () => {
    const standalone = new StandaloneProcess('', { DATABASE_URL: database.url, ...SETTINGS });
    service = standalone;
    const relayUrl = await standalone.url();
    const { url } = JSON.parse(await standalone.line('"registry started"')) as { url: string };
    await whileLocked('log.batch, registry.subject_version', async () => {
      const statuses = [statusOf(register(url)), statusOf(read(relayUrl))];
      await eventually(async () =>
        expect(await waiting()).toEqual(expect.arrayContaining(['tidemark registry', 'tidemark relay'])),
      );
      await expectStopped();
      expect(await Promise.all(statuses)).toEqual([500, 503]);
    });
  });
});
