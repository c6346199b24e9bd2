import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemSleep } from '#libs/foundation/lifecycle';
import { Database } from '#libs/foundation/postgres';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { OwnPostgres } from './harness/own-postgres.ts';
import { RegistryClients } from './harness/registry-clients.ts';
import { RegistryFleet } from './harness/registry-fleet.ts';
import { RegistryRequests } from './harness/registry-requests.ts';
import { readRegistryTruth, registryViolations } from './harness/registry-truth.ts';
import { soak } from './harness/soak.ts';

// Postgres goes away and comes back under a schema registry.
const ROUNDS = soak(1, 10);
const HOW = ['planned restart', 'SIGQUIT', 'SIGKILL'] as const;
const seed = testSeed();

let postgres: OwnPostgres;
let fleet: RegistryFleet;
let db: Database;

beforeEach(async () => {
  postgres = await OwnPostgres.start();
  db = new Database({ url: postgres.url, applicationName: 'tidemark scenario' });
  fleet = await RegistryFleet.start(postgres.url, 2);
}, 120_000);

afterEach(async () => {
  await fleet.close();
  await db.close();
  await postgres.remove();
}, 60_000);

test(
  `restarts and crashes of Postgres under load lose no registration, and end no registry (SEED=${seed})`,
  async () => {
    const random = seededRandom(seed);
    const clients = await new RegistryClients({ random: seededRandom(seed + 1), urls: () => fleet.urls }).start();
    const goesOn = async (): Promise<void> => {
      const before = clients.acknowledged.length;
      await eventually(() => expect(clients.acknowledged.length).toBeGreaterThan(before + 20), 30_000);
    };
    try {
      await goesOn();
      for (const how of Array.from({ length: ROUNDS }, () => HOW).flat()) {
        await systemSleep(random() * 300);
        if (how === 'planned restart') await postgres.restart();
        else await postgres.crash(how);
        await goesOn();
      }
    } finally {
      await clients.stop();
    }
    expect(registryViolations(await readRegistryTruth(db), clients.acknowledged)).toEqual([]);
    // What every client tries again: no connection was cut, and nothing was an error of the registry's own.
    expect([...clients.unavailable.keys()].filter((kind) => kind !== '500 50001')).toEqual([]);
    expect(clients.unavailable.size).toBe(1);
    expect(clients.cut).toBe(0);
    expect(fleet.processes.map((process) => process.running)).toEqual([true, true]);
    console.log(
      `${clients.acknowledged.length} registrations acknowledged, ` +
        `${clients.unavailable.get('500 50001')} tried again (SEED=${seed})`,
    );
  },
  soak(120_000, 600_000),
);

test('while Postgres is away, what is in memory is answered, and the rest with an error that clients try again', async () => {
  const [url] = fleet.urls as [string];
  const registry = new RegistryRequests(url);
  const { id } = await registry.register('kept', { schema: '"string"' });
  const other = await registry.register('other', { schema: '"long"' });
  const kept = await registry.get(`/schemas/ids/${id}`);
  const ask = async (path: string, init?: RequestInit): Promise<unknown[]> => {
    const answer = await fetch(url + path, init);
    return [answer.status, answer.headers.get('content-type'), await answer.json()];
  };
  const unavailable = [
    500,
    expect.stringContaining('application/vnd.schemaregistry.v1+json'),
    { error_code: 50001, message: expect.any(String) },
  ];
  await postgres.restart(async () => {
    expect(await ask(`/schemas/ids/${id}`)).toEqual([200, expect.any(String), kept]);
    expect(await ask(`/schemas/ids/${other.id}`)).toEqual(unavailable);
    expect(await ask('/subjects/kept/versions/latest')).toEqual(unavailable);
    expect(await ask('/subjects')).toEqual(unavailable);
    const body = JSON.stringify({ schema: '"int"' });
    const headers = { 'content-type': 'application/json' };
    expect(await ask('/subjects/new/versions', { method: 'POST', body, headers })).toEqual(unavailable);
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
  await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200));
  expect(await registry.get('/subjects')).toEqual(['kept', 'other']);
  expect(await registry.get(`/schemas/ids/${other.id}`)).toMatchObject({ schema: '"long"' });
});
