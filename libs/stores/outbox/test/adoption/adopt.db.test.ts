import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import {
  type AdoptionRequest,
  applyAdoption,
  describeAdoption,
  findAdoption,
  listAdoptions,
  planAdoption,
  undoAdoption,
} from '#libs/stores/outbox';
import { catalogOf, messagesOf } from './adoption-database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(
    `select outbox.create_topic(t) from unnest(array['outbox.event.order', 'order', 'events', 'other']) t`,
  );
});
afterAll(() => database.drop());

const adopt = async (request: AdoptionRequest) => applyAdoption(database.db, await planAdoption(database.db, request));
const messages = (topic: string) => messagesOf(database, topic);

describe('presets', () => {
  test("debezium: the router's columns, its topic pattern, the trace context", async () => {
    await database.db
      .query(`create table debezium_outbox (id uuid primary key, aggregatetype varchar(255) not null, aggregateid varchar(255) not null,
      type varchar(255), payload jsonb, tracingspancontext varchar(256))`);
    await adopt({ table: 'debezium_outbox', preset: 'debezium' });
    const id = 'd2b6a1f0-0000-7000-8000-0000000000d1';
    await database.db.query(
      `insert into debezium_outbox values ($1, 'order', 'o-1', 'OrderPlaced', '{"n": 1}', E'#Mon\\ntraceparent=00-ab-01\\nother=x'),
      ('d2b6a1f0-0000-7000-8000-0000000000d2', 'order', 'o-1', null, null, null)`,
      [id],
    );
    expect(await messages('outbox.event.order')).toEqual([
      {
        key: 'o-1',
        payload: '{"n": 1}',
        headers: [
          ['eventType', 'OrderPlaced'],
          ['traceparent', '00-ab-01'],
        ],
        partition: null,
        message_id: id,
      },
      { key: 'o-1', payload: null, headers: null, partition: null, message_id: 'd2b6a1f0-0000-7000-8000-0000000000d2' },
    ]);
  });

  test('pg-transactional-outbox: the segment is the key, metadata one header', async () => {
    await database.db
      .query(`create table pgto (id uuid primary key, aggregate_type text not null, aggregate_id text not null, message_type text not null,
      segment text, concurrency text not null default 'sequential', payload jsonb not null, metadata jsonb,
      locked_until timestamptz not null default to_timestamp(0), created_at timestamptz not null default clock_timestamp(), processed_at timestamptz,
      abandoned_at timestamptz, started_attempts smallint not null default 0, finished_attempts smallint not null default 0)`);
    await adopt({ table: 'pgto', preset: 'pg-transactional-outbox' });
    await database.db
      .query(`insert into pgto (id, aggregate_type, aggregate_id, message_type, segment, payload, metadata) values
      ('d2b6a1f0-0000-7000-8000-0000000000e1', 'order', 'o-1', 'placed', 'tenant-1', '{"a": 1}', '{"routing": {"key": "x"}}'),
      ('d2b6a1f0-0000-7000-8000-0000000000e2', 'order', 'o-2', 'placed', null, '2', null)`);
    await database.db.query('update pgto set processed_at = now()');
    const aggregate = (id: string) => [
      ['aggregate_type', 'order'],
      ['aggregate_id', id],
      ['message_type', 'placed'],
    ];
    expect(await messages('order')).toEqual([
      {
        key: 'tenant-1',
        payload: '{"a": 1}',
        headers: [...aggregate('o-1'), ['metadata', '{"routing": {"key": "x"}}']],
        partition: null,
        message_id: 'd2b6a1f0-0000-7000-8000-0000000000e1',
      },
      {
        key: 'o-2',
        payload: '2',
        headers: aggregate('o-2'),
        partition: null,
        message_id: 'd2b6a1f0-0000-7000-8000-0000000000e2',
      },
    ]);
  });

  test('plain: columns by their usual names; bytes stay bytes, nested headers become text', async () => {
    await database.db.query(
      `create table plain_outbox (id bigserial primary key, topic text, key bytea, body bytea, headers json, partition smallint)`,
    );
    const plan = await planAdoption(database.db, { table: 'plain_outbox', preset: 'plain' });
    expect(plan.mapping).toEqual({
      topic: { column: 'topic' },
      key: 'key',
      payload: 'body',
      headers: 'headers',
      partition: 'partition',
    });
    await applyAdoption(database.db, plan);
    await database.db.query(`insert into plain_outbox (topic, key, body, headers, partition) values
      ('events', '\\x00ff', '\\x0001', '{"a": "1", "n": 5, "o": {"x": [1]}, "z": null}', 2), ('events', null, null, '[["d", "1"], ["d", "2"]]', null)`);
    const { rows } = await database.db
      .query(`select m.key, m.payload, m.headers, m.partition from outbox.message m join outbox.topic t on t.id = m.topic_id
      where t.name = 'events' order by m.id`);
    expect(rows).toEqual([
      {
        key: Buffer.from([0, 255]),
        payload: Buffer.from([0, 1]),
        headers: [
          ['a', '1'],
          ['n', '5'],
          ['o', '{"x": [1]}'],
          ['z', null],
        ],
        partition: 2,
      },
      {
        key: null,
        payload: null,
        headers: [
          ['d', '1'],
          ['d', '2'],
        ],
        partition: null,
      },
    ]);
  });

  test('a mapping comes on top of the preset, and null takes an entry away', async () => {
    await database.db.query('create table mixed (id uuid, topic text, payload text, blob bytea, name text)');
    const { mapping } = await planAdoption(database.db, {
      table: 'mixed',
      preset: 'plain',
      mapping: { topic: { template: 'ev${name}s' }, messageId: null, headerColumns: { blob: 'blob', name: 'name' } },
    });
    expect(mapping).toEqual({
      topic: { template: 'ev${name}s' },
      payload: 'payload',
      headerColumns: { blob: 'blob', name: 'name' },
    });
  });
});

describe('the trigger', () => {
  test('emits in the transaction that inserts, and rolls back with it, savepoints too', async () => {
    await database.db.query('create table same_tx (id int primary key, payload jsonb)');
    await adopt({ table: 'same_tx', mapping: { topic: { constant: 'other' }, key: 'id', payload: 'payload' } });
    await database.db.transaction(async (tx) => {
      await tx.query(`insert into same_tx values (1, '1')`);
      await tx.query('savepoint s');
      await tx.query(`insert into same_tx values (2, '2')`);
      await tx.query('rollback to s');
      const inside = await tx.query(
        `select m.xmin = pg_current_xact_id()::xid as same from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = 'other'`,
      );
      expect(inside.rows).toEqual([{ same: true }]);
      expect(await messages('other')).toEqual([]);
    });
    await expect(
      database.db.transaction(async (tx) => {
        await tx.query(`insert into same_tx values (3, '3')`);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await database.db.query(`insert into same_tx values (1, '9') on conflict do nothing`);
    expect(await messages('other')).toMatchObject([{ key: '1', payload: '1' }]);
  });

  test('works for a role that has no rights in schema outbox, whatever its search_path', async () => {
    const role = `tm_adopt_${Math.trunc(Math.random() * 1e9)}`;
    await database.db
      .query(`create table by_role (id int primary key, payload jsonb); create role ${role}; grant insert on by_role to ${role};
      create schema evil_${role}; create function evil_${role}.convert_to(text, name) returns bytea language sql as $$ select 'evil'::bytea $$;
      grant usage on schema evil_${role} to ${role}`);
    const adoption = await adopt({
      table: 'by_role',
      mapping: { topic: { constant: 'events' }, key: 'id', payload: 'payload' },
    });
    await database.db.transaction(async (tx) => {
      await tx.query(`set local role ${role}; set local search_path = evil_${role}, pg_catalog`);
      await tx.query(`insert into public.by_role values (7, '"by role"')`);
      await tx.query('savepoint s');
      await expect(tx.query(`select outbox.emit('events', 'k', '1')`)).rejects.toThrow(/permission denied/);
      await tx.query('rollback to s');
      await expect(
        tx.query(
          `create temporary table steal (id int, payload jsonb); create trigger t after insert on steal for each row execute function outbox.${adoption.functionName}()`,
        ),
      ).rejects.toThrow(/permission denied/);
      await tx.query('rollback to s');
    });
    expect((await messages('events')).filter((message) => message.key === '7')).toMatchObject([
      { payload: '"by role"' },
    ]);
    await database.db.query(`drop schema evil_${role} cascade; drop owned by ${role}; drop role ${role}`);
  });

  test('a refused message fails the insert with the error of emit', async () => {
    await database.db.query('create table refused (topic text, payload text)');
    await adopt({ table: 'refused', preset: 'plain' });
    await expect(database.db.query(`insert into refused values ('nope', 'x')`)).rejects.toMatchObject({
      code: 'TOPIC_UNKNOWN',
    });
    expect((await database.db.query('select from refused')).rowCount).toBe(0);
  });

  test('covers all partitions of a partitioned table, later ones and direct inserts too', async () => {
    await database.db.query(
      `create table parted (id int, payload text) partition by range (id); create table parted_1 partition of parted for values from (0) to (10)`,
    );
    const plan = await planAdoption(database.db, {
      table: 'parted',
      mapping: { topic: { constant: 'events' }, key: 'id', payload: 'payload' },
    });
    expect(plan.notes.join()).toContain('RANGE (id)');
    await applyAdoption(database.db, plan);
    await database.db.query('create table parted_2 partition of parted for values from (10) to (20)');
    await database.db.query(`insert into parted values (1, 'p'), (11, 'p'); insert into parted_2 values (12, 'p')`);
    expect(
      (await messages('events')).filter((message) => message.payload === 'p').map((message) => message.key),
    ).toEqual(['1', '11', '12']);
    await undoAdoption(database.db, 'parted');
    await database.db.query(`insert into parted values (2, 'p')`);
    expect((await messages('events')).filter((message) => message.payload === 'p')).toHaveLength(3);
  });

  test('hostile names stay names', async () => {
    const schema = `Ev"il'; drop table x; --`;
    const column = `k"'$$ \\ $1 ''`;
    const q = (name: string) => `"${name.replaceAll('"', '""')}"`;
    await database.db.query(
      `create schema ${q(schema)}; create table ${q(schema)}.${q('T"\\;')} (${q(column)} text, ${q('new')} jsonb, ${q("h'\\")} text)`,
    );
    const table = `${q(schema)}.${q('T"\\;')}`;
    const constant = 'events';
    const adoption = await adopt({
      table,
      mapping: { topic: { constant }, key: column, payload: 'new', headerColumns: { [`a'\\"`]: "h'\\" } },
    });
    expect(adoption.table).toBe(table);
    for (const setting of ['on', 'off']) {
      await database.db.transaction(async (tx) => {
        await tx.query(`set local standard_conforming_strings = ${setting}`);
        await tx.query(`insert into ${table} values ('hostile', '{}', 'v')`);
      });
    }
    expect((await messages('events')).filter((message) => message.key === 'hostile')).toMatchObject(
      ['on', 'off'].map(() => ({ headers: [[`a'\\"`, 'v']] })),
    );
    await undoAdoption(database.db, table);
    expect(await findAdoption(database.db, table)).toBeUndefined();
  });
});

describe('undo', () => {
  test('restores the table exactly, and the rest of the database', async () => {
    await database.db
      .query(`create table undone (id int primary key, topic text, payload jsonb check (payload is not null));
      create function own_trigger() returns trigger language plpgsql as $$ begin return new; end $$;
      create trigger own before insert on undone for each row execute function own_trigger(); insert into undone values (1, 'events', '1')`);
    const before = await catalogOf(database, 'undone');
    const adoption = await adopt({
      table: 'undone',
      preset: 'plain',
      mapping: { key: 'id' },
      existing: { orderBy: 'id' },
    });
    const during = await catalogOf(database, 'undone');
    expect(during).not.toEqual(before);
    expect(await listAdoptions(database.db)).toContainEqual(
      expect.objectContaining({ table: 'public.undone', state: 'active', id: adoption.id }),
    );
    expect(await undoAdoption(database.db, 'public.undone')).toMatchObject({ id: adoption.id });
    expect(await catalogOf(database, 'undone')).toEqual(before);
    await adopt({ table: 'undone', preset: 'plain' });
    await undoAdoption(database.db, 'undone');
    await expect(undoAdoption(database.db, 'undone')).rejects.toMatchObject({ code: 'ADOPTION_INVALID' });
  });

  test('follows a renamed table, and cleans up after a dropped one', async () => {
    await database.db.query('create table "Before" (payload text); create table doomed (payload text)');
    const mapping = { topic: { constant: 'events' }, payload: 'payload' };
    await adopt({ table: '"Before"', mapping });
    await adopt({ table: 'doomed', mapping });
    await database.db.query(
      'alter table "Before" rename to "After"; alter table "After" disable trigger tidemark_adoption; drop table doomed',
    );
    const states = Object.fromEntries(
      (await listAdoptions(database.db)).map((adoption) => [adoption.table, adoption.state]),
    );
    expect(states).toMatchObject({ 'public."After"': 'trigger-disabled', '"public"."doomed"': 'table-dropped' });
    await undoAdoption(database.db, '"After"');
    await undoAdoption(database.db, '"public"."doomed"');
    expect((await listAdoptions(database.db)).map((adoption) => adoption.table)).not.toContain('public."After"');
  });
});

test('the migration goes down and takes the triggers along, so that the tables can still be written to', async () => {
  const { migrateDown, migrateUp } = await import('#libs/foundation/postgres');
  const { MIGRATIONS } = await import('#migrations');
  const other = await createTestDatabase();
  try {
    await other.db.query(`create table t (payload text); select outbox.create_topic('events')`);
    await applyAdoption(
      other.db,
      await planAdoption(other.db, { table: 't', mapping: { topic: { constant: 'events' }, payload: 'payload' } }),
    );
    const place = MIGRATIONS.findIndex((migration) => migration.name.startsWith('OutboxAdoption'));
    await migrateDown({ url: other.url, migrations: MIGRATIONS }, MIGRATIONS.length - place);
    await other.db.query(`insert into t values ('x')`);
    expect((await other.db.query(`select from pg_proc where proname like 'adopt%'`)).rowCount).toBe(0);
    await migrateUp({ url: other.url, migrations: MIGRATIONS });
    expect(await listAdoptions(other.db)).toEqual([]);
  } finally {
    await other.drop();
  }
});

test('the description shows mapping, exact SQL, undo and notes', async () => {
  await database.db.query('create table shown (id uuid primary key, topic text, payload jsonb)');
  const plan = await planAdoption(database.db, { table: 'shown', preset: 'plain', existing: { orderBy: 'id' } });
  const text = describeAdoption(plan);
  for (const part of [...plan.statements, ...plan.undoStatements, ...plan.notes, 'message id  id', 'in order of id'])
    expect(text).toContain(part);
});
