import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { MIGRATIONS } from '#migrations';
import { migrateDown, migrateUp, migrationStatus, requireMigrated } from '../src/index.ts';

let database: TestDatabase;
const names = MIGRATIONS.map((migration) => migration.name);

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
});
afterAll(() => database.drop());

const options = () => ({ url: database.url, migrations: MIGRATIONS });

async function objects(): Promise<unknown[]> {
  const result = await database.db.query(
    `select n.nspname as schema, c.relname as name, c.relkind as kind from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('outbox', 'log', 'audit', 'inbox', 'dlq', 'registry') and c.relkind <> 'i'
     union all
     select n.nspname, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', 'f' from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('outbox', 'log', 'audit', 'inbox', 'dlq', 'registry')
     order by 1, 2, 3`,
  );
  return result.rows;
}

describe('migrations', () => {
  test('a database that is not migrated is refused with the remedy', async () => {
    await expect(requireMigrated(options())).rejects.toMatchObject({ code: 'SCHEMA_MISSING' });
    expect(await migrationStatus(options())).toEqual({ applied: [], pending: names, unknown: [] });
  });

  test('two runners at once: every migration is applied once', async () => {
    const applied = await Promise.all([migrateUp(options()), migrateUp(options()), migrateUp(options())]);
    expect(applied.flat()).toEqual(names);
    expect(await migrationStatus(options())).toEqual({ applied: names, pending: [], unknown: [] });
    await requireMigrated(options());
  });

  test('each goes down and up again to the same schema, and all the way down leaves nothing', async () => {
    const before = await objects();
    for (let count = 1; count <= names.length; count += 1) {
      expect(await migrateDown(options(), count)).toEqual([...names].reverse().slice(0, count));
      expect(await migrateUp(options())).toEqual(names.slice(-count));
      expect(await objects()).toEqual(before);
    }
    await migrateDown(options(), 1_000);
    expect(await objects()).toEqual([]);
    const schemas = await database.db.query(
      `select nspname from pg_namespace where nspname in ('outbox', 'log', 'audit')`,
    );
    expect(schemas.rows).toEqual([]);
    await migrateUp(options());
  });

  test('each migration is reported when it starts and when it is done', async () => {
    const lines: string[] = [];
    const onProgress = (message: string): void => void lines.push(message.replace(/\d+ ms$/, 'n ms'));
    const last = names.at(-1);
    await migrateDown({ ...options(), onProgress }, 1);
    await migrateUp({ ...options(), onProgress });
    expect(lines).toEqual([
      `undoing ${last}`,
      `undoing ${last}: done in n ms`,
      `applying ${last}`,
      `applying ${last}: done in n ms`,
    ]);
  });

  test('a database made by a newer version is refused', async () => {
    await database.db.query(
      `insert into tidemark_migration (timestamp, name) values (9999999999999, 'Newer9999999999999')`,
    );
    await expect(requireMigrated(options())).rejects.toMatchObject({ code: 'SCHEMA_TOO_NEW' });
    await expect(migrateUp(options())).rejects.toMatchObject({ code: 'SCHEMA_TOO_NEW' });
    await database.db.query(`delete from tidemark_migration where name = 'Newer9999999999999'`);
  });

  test('a database that cannot be reached is reported as such', async () => {
    await expect(requireMigrated({ ...options(), url: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    });
  });
});
