import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemSleep } from '#libs/foundation/lifecycle';
import { createTestDatabase, eventually, seededRandom, type TestDatabase, testSeed } from '#libs/foundation/testing';
import { RegistryClients } from './harness/registry-clients.ts';
import { RegistryFleet } from './harness/registry-fleet.ts';
import { RegistryRequests } from './harness/registry-requests.ts';
import { readRegistryTruth, registryViolations } from './harness/registry-truth.ts';
import { soak } from './harness/soak.ts';

// Three registries on one database, one of them killed again and again, in the middle of registrations or while it starts.
const KILLS = soak(10, 300);
const PROCESSES = 3;
const seed = testSeed();

let database: TestDatabase;
let fleet: RegistryFleet;

beforeEach(async () => {
  database = await createTestDatabase();
  fleet = await RegistryFleet.start(database.url, PROCESSES);
});

afterEach(async () => {
  await fleet.close();
  await database.drop();
});

/** Advisory locks that are held or waited for, and deadlocks that Postgres has ended. */
async function locksAndDeadlocks(): Promise<{ locks: number; deadlocks: number }> {
  const { rows } = await database.db.query<{ locks: number; deadlocks: number }>(
    `select d.deadlocks::int, (select count(*)::int from pg_locks l where l.locktype = 'advisory' and l.database = d.datid) as locks
     from pg_stat_database d where d.datname = current_database()`,
  );
  return rows[0]!;
}

/** Every process answers what some client was told, also of the registrations of the others. */
async function expectAnswers(clients: RegistryClients): Promise<void> {
  const last = new Map(clients.acknowledged.map((each) => [each.subject, each]));
  for (const index of fleet.processes.keys()) {
    const registry = new RegistryRequests(await fleet.listening(index));
    for (const { subject, version, id } of last.values()) {
      expect(await registry.get(`/subjects/${subject}/versions/${version}`)).toMatchObject({ subject, version, id });
    }
  }
}

test(
  `${KILLS} kills at random moments lose, double and mix up no registration (SEED=${seed})`,
  async () => {
    const random = seededRandom(seed);
    const clients = await new RegistryClients({ random: seededRandom(seed + 1), urls: () => fleet.urls }).start();
    let atWork = 0;
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const victim = Math.trunc(random() * PROCESSES);
        // Most often it is at work, else it falls into a start.
        if (random() < 0.8) {
          const url = await fleet.listening(victim);
          await eventually(() => expect(clients.answeredBy.get(url)).toBeGreaterThan(0), 30_000);
          atWork += 1;
        }
        await systemSleep(random() * 100);
        await fleet.crash(victim);
      }
      for (const index of fleet.processes.keys()) {
        const url = await fleet.listening(index);
        await eventually(() => expect(clients.answeredBy.get(url)).toBeGreaterThan(0), 30_000);
      }
    } finally {
      await clients.stop();
    }
    const truth = await readRegistryTruth(database.db);
    console.log(
      `${KILLS} kills, ${atWork} at work, ${clients.cut} requests cut off; ${clients.acknowledged.length} registrations ` +
        `acknowledged, ${truth.versions.length} versions (SEED=${seed})`,
    );
    expect(registryViolations(truth, clients.acknowledged)).toEqual([]);
    expect([...clients.unavailable]).toEqual([]);
    await eventually(async () => expect(await locksAndDeadlocks()).toEqual({ locks: 0, deadlocks: 0 }));
    await expectAnswers(clients);
    expect(clients.cut).toBeGreaterThan(KILLS / 5);
    expect(truth.versions.length).toBeGreaterThan(KILLS);
  },
  soak(120_000, 900_000),
);
