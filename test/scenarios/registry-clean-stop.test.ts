import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { RegistryProcess } from './harness/registry-process.ts';
import { RegistryRequests } from './harness/registry-requests.ts';
import { readRegistryTruth, registryViolations } from './harness/registry-truth.ts';

// The schema registry is asked to stop while registrations are in progress. A lock of the test's own keeps them there.
const IN_PROGRESS = 5;

let database: TestDatabase;
let registry: RegistryProcess;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  if (registry?.running) await registry.kill();
  await database.drop();
});

const schema = (index: number) => ({ schema: `{"type":"enum","name":"E${index}","symbols":[]}` });

/** Registrations that have all come as far as writing, and that cannot go on before `release`. */
async function registrationsHeldAt(url: string) {
  const client = await database.db.connect();
  await client.query('begin');
  await client.query('lock table registry.subject_version in share row exclusive mode');
  const requests = new RegistryRequests(url);
  const answers = Promise.allSettled(
    Array.from({ length: IN_PROGRESS }, (_, index) => requests.register(`held-${index}`, schema(index))),
  );
  await eventually(async () => {
    const { rows } = await database.db.query(
      `select from pg_locks l where not l.granted and l.relation = 'registry.subject_version'::regclass
       and l.database = (select oid from pg_database where datname = current_database())`,
    );
    expect(rows).toHaveLength(IN_PROGRESS);
  });
  const release = async (): Promise<void> => {
    await client.query('rollback');
    client.release();
  };
  return { answers, release };
}

const refusedAt = (url: string): Promise<unknown> =>
  fetch(`${url}/subjects`).then(
    async (answer) => [answer.status, await answer.json()],
    () => 'no connection',
  );

test('registrations in progress are answered, new requests refused; exit code 0, and a restart at the same port', async () => {
  registry = new RegistryProcess(database.url);
  const url = await registry.url();
  const { answers, release } = await registrationsHeldAt(url);
  registry.signal('SIGTERM');
  await registry.line('SIGTERM: stopping');
  expect([
    'no connection',
    [503, { error_code: expect.any(Number), message: expect.stringContaining('stopping') }],
  ]).toContainEqual(await refusedAt(url));
  expect(registry.running).toBe(true);
  await release();
  const told = (await answers).map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason));
  expect(told).toEqual(
    Array.from({ length: IN_PROGRESS }, () => expect.objectContaining({ version: 1, id: expect.any(Number) })),
  );
  expect(await registry.exited).toEqual({ code: 0, signal: null });
  registry = new RegistryProcess(database.url, { TIDEMARK_REGISTRY_PORT: new URL(url).port });
  expect(await registry.url()).toBe(url);
  const again = new RegistryRequests(url);
  for (const [index, { id }] of (told as { id: number }[]).entries()) {
    expect(await again.get(`/subjects/held-${index}/versions/latest`)).toMatchObject({ version: 1, id });
  }
});

test('a registration that would outlast the drain is cut, leaves all of itself or nothing, and the process ends in time', async () => {
  registry = new RegistryProcess(database.url, { TIDEMARK_DRAIN_MS: '2000' });
  const { answers, release } = await registrationsHeldAt(await registry.url());
  try {
    const askedAt = Date.now();
    registry.signal('SIGTERM');
    expect(await registry.exited).toEqual({ code: 0, signal: null });
    expect(Date.now() - askedAt).toBeLessThan(4_000);
    expect((await answers).map((answer) => answer.status)).toEqual(
      Array.from({ length: IN_PROGRESS }, () => 'rejected'),
    );
  } finally {
    await release();
  }
  await eventually(async () => {
    const { rows } = await database.db.query<{ sessions: number }>(
      `select count(*)::int as sessions from pg_stat_activity
       where datname = current_database() and application_name = 'tidemark registry'`,
    );
    expect(rows[0]!.sessions).toBe(0);
  });
  // What its clients cannot know: each of them may have been registered, but then with everything that belongs to it.
  expect(registryViolations(await readRegistryTruth(database.db), [])).toEqual([]);
});
