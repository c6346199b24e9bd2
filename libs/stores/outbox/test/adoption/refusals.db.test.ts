import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrateUp } from '#libs/foundation/postgres';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { type AdoptionRequest, applyAdoption, planAdoption, undoAdoption } from '#libs/stores/outbox';
import { MIGRATIONS } from '#migrations';
import { catalogOf } from './adoption-database.ts';

let database: TestDatabase;
const mapping = { topic: { constant: 'events' }, payload: 'payload' } as const;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(`
    select outbox.create_topic('events');
    create table plain (id int, topic text, payload jsonb, at timestamptz, ratio float8, note text, twice int generated always as (id * 2) stored);
    create table with_key (id int primary key, payload text);
    create view a_view as select * from plain;
    create materialized view a_matview as select * from plain;
    create table parent (payload text); create table child () inherits (parent);
    create table parted (id int, payload text) partition by list (id); create table part partition of parted for values in (1);
    create table taken (payload text); create function nothing() returns trigger language plpgsql as 'begin return null; end';
    create trigger tidemark_adoption after insert on taken for each row execute function nothing();
    create table with_rows (topic text, payload text); insert into with_rows values ('nowhere', 'x'), ('events', 'x'), (null, 'x');
    create domain short as varchar(10); create domain shorter as short; create table domains (id int, topic shorter, payload shorter)`);
});
afterAll(() => database.drop());

describe('planAdoption refuses with what to do', () => {
  test.each<[string, AdoptionRequest, RegExp[]]>([
    ['a table that is not there', { table: 'nope', mapping }, [/no table nope/]],
    ['a name that is no name', { table: 'a"b', mapping }, [/no table/]],
    ['SQL as a name', { table: 'plain; drop table plain', mapping }, [/no table/]],
    ['three parts', { table: 'a.b.c', mapping }, [/no table/]],
    ['a view', { table: 'a_view', mapping }, [/is a view/]],
    ['a materialized view', { table: 'a_matview', mapping }, [/materialized view/]],
    ['a partition', { table: 'part', mapping }, [/is a partition; adopt the partitioned table/]],
    ['a parent under INHERITS', { table: 'parent', mapping }, [/INHERITS/]],
    ['a child under INHERITS', { table: 'child', mapping }, [/INHERITS/]],
    ['our own table', { table: 'outbox.message', mapping }, [/schema outbox/]],
    ['a catalog', { table: 'pg_class', mapping }, [/schema pg_catalog/]],
    ['a foreign trigger of our name', { table: 'taken', mapping }, [/rename that trigger/]],
    ['no mapping', { table: 'plain' }, [/topic: say where/, /payload: say which/]],
    [
      'an unknown preset',
      { table: 'plain', preset: 'x' as 'plain', mapping },
      [/debezium, pg-transactional-outbox, plain/],
    ],
    [
      'a preset for another table',
      { table: 'plain', preset: 'debezium' },
      [/no column "aggregatetype"/, /no column "aggregateid"/, /"id" is of type int4; it must be uuid/],
    ],
    [
      'several problems at once',
      { table: 'plain', mapping: { ...mapping, key: 'kay', partition: 'note', headers: 'note' } },
      [/no column "kay"/, /"note" is of type text; it must be integer/, /must be jsonb or json/],
    ],
    [
      'a key whose text depends on settings',
      { table: 'plain', mapping: { ...mapping, key: 'at' } },
      [/"at" is of type timestamptz/],
    ],
    ['a float as key', { table: 'plain', mapping: { ...mapping, key: 'ratio' } }, [/float8/]],
    [
      'a number as payload',
      { table: 'plain', mapping: { ...mapping, payload: 'id' } },
      [/must be jsonb, json, text or bytea/],
    ],
    [
      'a number as topic',
      { table: 'plain', mapping: { ...mapping, topic: { column: 'id' } } },
      [/must be text or an enum/],
    ],
    [
      'an unknown column in a template',
      { table: 'plain', mapping: { ...mapping, topic: { template: 'a.${b}' } } },
      [/no column "b"/],
    ],
    [
      'an unknown topic',
      { table: 'plain', mapping: { ...mapping, topic: { constant: 'nope' } } },
      [/tidemark topics create nope/],
    ],
    [
      'rows of unknown topics',
      { table: 'with_rows', preset: 'plain' },
      [/topic nowhere, which does not exist/, /rows without a topic/],
    ],
    [
      'existing rows without a primary key',
      { table: 'plain', mapping, existing: { orderBy: 'id' } },
      [/needs a primary key/],
    ],
    [
      'existing rows by a column that is not there',
      { table: 'with_key', mapping, existing: { orderBy: 'x' } },
      [/no column "x" to order by/],
    ],
  ])('%s', async (_what, request, messages) => {
    const error = await planAdoption(database.db, request).then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toMatchObject({ name: 'TidemarkError', code: 'ADOPTION_INVALID' });
    for (const message of messages) expect(error?.message).toMatch(message);
  });

  test('a temporary table', async () => {
    await database.db.transaction(async (tx) => {
      await tx.query('create temporary table passing (payload text) on commit drop');
      await expect(planAdoption(tx, { table: 'passing', mapping })).rejects.toThrow(/temporary/);
    });
  });

  test('a table that is adopted already', async () => {
    await applyAdoption(database.db, await planAdoption(database.db, { table: 'with_key', mapping }));
    await expect(planAdoption(database.db, { table: 'with_key', mapping })).rejects.toThrow(/adopted already; undo/);
    await undoAdoption(database.db, 'with_key');
  });

  test('while domains and stored generated columns are fine, and unknown topics with auto-creation', async () => {
    await expect(planAdoption(database.db, { table: 'domains', preset: 'plain' })).resolves.toMatchObject({
      mapping: { topic: { column: 'topic' } },
    });
    await expect(
      planAdoption(database.db, { table: 'plain', mapping: { ...mapping, key: 'twice' } }),
    ).resolves.toBeDefined();
    await database.db.query('update outbox.settings set auto_create_topics = true');
    await expect(
      planAdoption(database.db, { table: 'plain', mapping: { ...mapping, topic: { constant: 'nope' } } }),
    ).resolves.toBeDefined();
    await database.db.query('update outbox.settings set auto_create_topics = false');
  });
});

describe('applyAdoption changes nothing', () => {
  test('when the table was altered after the plan', async () => {
    await database.db.query('create table altered (payload jsonb, note text)');
    const plan = await planAdoption(database.db, {
      table: 'altered',
      mapping: { ...mapping, headerColumns: { note: 'note' } },
    });
    const before = await catalogOf(database, 'altered');
    await database.db.query('alter table altered alter column note type bytea using null');
    await expect(applyAdoption(database.db, plan)).rejects.toThrow(/altered after the plan was made/);
    await database.db.query('alter table altered rename column note to memo');
    await expect(applyAdoption(database.db, plan)).rejects.toThrow(/no column "note"/);
    await database.db.query(
      'alter table altered rename column memo to note; alter table altered alter note type text using null',
    );
    expect(await catalogOf(database, 'altered')).toMatchObject([{ adoptions: 0, triggers: null }]);
    expect((await catalogOf(database, 'altered')) as object).toMatchObject([
      { functions: (before as { functions: unknown }[])[0]?.functions },
    ]);
    await applyAdoption(database.db, plan);
    await undoAdoption(database.db, 'altered');
  });

  test('when a writer holds the table longer than the lock timeout, and it says so', async () => {
    const plan = await planAdoption(database.db, { table: 'with_key', mapping });
    await database.db.transaction(async (tx) => {
      await tx.query(`insert into with_key values (1, 'x')`);
      await expect(applyAdoption(database.db, plan, { lockTimeoutMs: 50 })).rejects.toMatchObject({
        code: 'DATABASE_BUSY',
      });
    });
    expect(await catalogOf(database, 'with_key')).toMatchObject([{ adoptions: 0, triggers: null }]);
    await expect(applyAdoption(database.db, plan, { lockTimeoutMs: -1 })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });
});

test("the function gets the rights of the outbox's owner, not those of a superuser who applies the plan", async () => {
  const other = await createTestDatabase({ migrated: false });
  const role = `tm_owner_${Math.trunc(Math.random() * 1e9)}`;
  try {
    const name = new URL(other.url).pathname.slice(1);
    await other.db.query(
      `create role ${role} login password 'secret'; grant create on database ${name} to ${role}; grant create, usage on schema public to ${role}`,
    );
    const url = new URL(other.url);
    url.username = role;
    url.password = 'secret';
    await migrateUp({ url: url.toString(), migrations: MIGRATIONS });
    await other.db.query(`create table shop (payload text); select outbox.create_topic('events')`);
    const adoption = await applyAdoption(other.db, await planAdoption(other.db, { table: 'shop', mapping }));
    await other.db.query(`insert into shop values ('x')`);
    const { rows } = await other.db.query(
      `select proowner::regrole::text as owner, prosecdef, proacl::text from pg_proc where proname = $1`,
      [adoption.functionName],
    );
    expect(rows).toEqual([{ owner: role, prosecdef: true, proacl: `{${role}=X/${role}}` }]);
    expect((await other.db.query('select from outbox.message')).rowCount).toBe(1);
    await undoAdoption(other.db, 'shop');
  } finally {
    await other.drop();
    await database.db.query(`drop role ${role}`);
  }
});
