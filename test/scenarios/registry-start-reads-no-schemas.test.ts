import { afterEach, expect, test } from '@jest/globals';
import { Database } from '#libs/foundation/postgres';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { fillRegistry } from './harness/fill-registry.sql.ts';
import { RegistryProcess } from './harness/registry-process.ts';
import { RegistryRequests } from './harness/registry-requests.ts';
import { soak } from './harness/soak.ts';

// What a registry does at its start is counted by Postgres, which is exact where the clock of a busy machine is not.
const FEW = 100;
const MANY = soak(20_000, 100_000);

const databases: TestDatabase[] = [];
const started: RegistryProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((registry) => registry.kill()));
  await Promise.all(databases.splice(0).map((database) => database.drop()));
});

function registryOn(database: TestDatabase): RegistryProcess {
  const registry = new RegistryProcess(database.url);
  started.push(registry);
  return registry;
}

/** A registry with as many schemas, and statistics that begin now. */
async function filled(schemas: number): Promise<TestDatabase> {
  const database = await createTestDatabase();
  databases.push(database);
  const filling = new Database({ url: database.url, poolMax: 1 });
  await filling.transaction((tx) => fillRegistry(tx, schemas));
  await filling.query('analyze');
  await filling.close();
  await statisticsWritten(database);
  await database.db.query('select pg_stat_reset()');
  return database;
}

/** A session has written its statistics once it is no longer listed. */
async function statisticsWritten(database: TestDatabase): Promise<void> {
  await eventually(async () => {
    const { rows } = await database.db.query(
      `select application_name from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    expect(rows).toEqual([]);
  });
}

interface Reads {
  readonly table: string;
  readonly scans: number;
  readonly rows: number;
  readonly blocks: number;
}

/** What was read of the registry's tables, their indexes and long values; tables that were not read are left out. */
async function readsOf({ db }: TestDatabase): Promise<Reads[]> {
  const { rows } = await db.query<Reads & Record<string, unknown>>(
    `select r.* from (
       select t.relname as table, (t.seq_scan + coalesce(t.idx_scan, 0))::int as scans,
         (t.seq_tup_read + coalesce(t.idx_tup_fetch, 0))::int as rows,
         (heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0)
          + coalesce(toast_blks_read + toast_blks_hit, 0))::int as blocks
       from pg_stat_user_tables t join pg_statio_user_tables io using (relid) where t.schemaname = 'registry'
     ) r
     where r.scans + r.rows + r.blocks > 0 order by 1`,
  );
  return rows;
}

async function readsOfStart(database: TestDatabase): Promise<Reads[]> {
  const registry = registryOn(database);
  const url = await registry.url();
  await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200));
  registry.signal('SIGTERM');
  expect(await registry.exited).toEqual({ code: 0, signal: null });
  await statisticsWritten(database);
  return readsOf(database);
}

test(
  `a registry reads as much at its start with ${FEW} schemas as with ${MANY}: nothing but whether Postgres answers`,
  async () => {
    const [few, many] = [await filled(FEW), await filled(MANY)];
    const ofFew = await readsOfStart(few);
    expect(ofFew).toEqual([
      { table: 'revision', scans: expect.any(Number), rows: expect.any(Number), blocks: expect.any(Number) },
    ]);
    expect(ofFew[0]!.rows).toBeLessThanOrEqual(5);
    expect(await readsOfStart(many)).toEqual(ofFew);

    // The schemas are there, for registries as for these statistics.
    const registry = new RegistryRequests(await registryOn(many).url());
    expect(await registry.get(`/schemas/ids/${MANY}`)).toMatchObject({ schema: expect.stringContaining(`N${MANY}`) });
    expect(await registry.register('next', { schema: '"string"' })).toMatchObject({ id: MANY + 1, version: 1 });
    await started.at(-1)!.kill();
    await statisticsWritten(many);
    expect((await readsOf(many)).map(({ table }) => table)).toContain('schema');
  },
  soak(60_000, 180_000),
);
