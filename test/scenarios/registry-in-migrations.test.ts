import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { registerSchema } from '#libs/sdk';
import { RegistryProcess } from './harness/registry-process.ts';
import { RegistryRequests } from './harness/registry-requests.ts';

// The migrations of a service make its tables and register the schemas of its events, beside a registry that runs.
let database: TestDatabase;
let registry: RegistryProcess;
let requests: RegistryRequests;
let url: string;
beforeAll(async () => {
  database = await createTestDatabase();
  registry = new RegistryProcess(database.url);
  url = await registry.url();
  requests = new RegistryRequests(url);
});
afterAll(async () => {
  await registry.kill();
  await database.drop();
});

const record = (name: string, ...fields: string[]) => ({
  type: 'record',
  name,
  fields: fields.map((field) => ({ name: field, type: 'string' })),
});
const money = { type: 'record', name: 'Money', fields: [] };
const refund = { type: 'record', name: 'Refund', fields: [{ name: 'amount', type: 'Money' }] };

/** What there is of a subject: its table, its versions, and what the audit and the topic of changes say. */
async function traces(subject: string): Promise<Record<string, unknown>> {
  const { rows } = await database.db.query(
    `select to_regclass($1) is not null as "table",
       (select count(*)::int from registry.subject_version v where v.subject = $1) as versions,
       (select count(*)::int from registry.schema s where s.text like '%"' || $1 || '"%') as schemas,
       (select count(*)::int from audit.entry e where e.target = $1) as audited,
       (select count(*)::int from outbox.message m join outbox.topic t on t.id = m.topic_id
        where t.name = 'schema-changes' and convert_from(m.key, 'utf8') = $1) as announced`,
    [subject],
  );
  const { status } = await fetch(`${url}/subjects/${subject}/versions/latest`);
  return { ...rows[0], status };
}
const BOTH = { table: true, versions: 1, schemas: 1, audited: 1, announced: 1, status: 200 };
const NEITHER = { table: false, versions: 0, schemas: 0, audited: 0, announced: 0, status: 404 };

async function makeTableAndSchema(tx: Parameters<typeof registerSchema>[0], subject: string): Promise<void> {
  await tx.query(`create table ${subject} (id text primary key)`);
  await registerSchema(tx, { subject, schema: record(subject, 'id'), actor: 'migration' });
}

/** Runs migrations as a service does that uses TypeORM. */
async function migrate(...migrations: (new () => MigrationInterface)[]): Promise<void> {
  const source = new DataSource({ type: 'postgres', url: database.url, migrations });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await source.destroy();
  }
}

describe('a migration of TypeORM', () => {
  class Made1763800000000 implements MigrationInterface {
    name = 'Made1763800000000';
    up = (runner: QueryRunner) => makeTableAndSchema(runner, 'made');
    down = (runner: QueryRunner) => runner.query('drop table made');
  }
  class Failing1763800000001 implements MigrationInterface {
    name = 'Failing1763800000001';
    async up(runner: QueryRunner): Promise<void> {
      await makeTableAndSchema(runner.manager, 'failing');
      await runner.query('select 1 / 0');
    }
    down = () => Promise.resolve();
  }
  class Refused1763800000002 implements MigrationInterface {
    name = 'Refused1763800000002';
    async up(runner: QueryRunner): Promise<void> {
      await makeTableAndSchema(runner, 'refused');
      await registerSchema(runner, { subject: 'refused', schema: record('refused', 'id', 'more') });
    }
    down = () => Promise.resolve();
  }

  test('that succeeds leaves its table and its schema, which a running registry answers', async () => {
    await migrate(Made1763800000000);
    expect(await traces('made')).toEqual(BOTH);
    expect(await requests.get('/subjects/made/versions/1')).toMatchObject({
      schema: JSON.stringify(record('made', 'id')),
    });
  });

  test('that fails after it has registered leaves neither', async () => {
    await expect(migrate(Failing1763800000001)).rejects.toThrow('division by zero');
    expect(await traces('failing')).toEqual(NEITHER);
  });

  test('whose schema is refused leaves neither, nor what it had registered before', async () => {
    await expect(migrate(Refused1763800000002)).rejects.toMatchObject({ code: 'SCHEMA_INVALID' });
    expect(await traces('refused')).toEqual(NEITHER);
  });
});

describe('a migration by hand', () => {
  let client: pg.Client;
  async function connect(): Promise<void> {
    client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('begin');
  }
  afterEach(() => client.end());

  test('shows nothing before it commits, then everything; nothing after a rollback', async () => {
    await connect();
    await makeTableAndSchema(client, 'by_hand');
    expect(await traces('by_hand')).toEqual(NEITHER);
    await client.query('rollback');
    expect(await traces('by_hand')).toEqual(NEITHER);
    await client.query('begin');
    await makeTableAndSchema(client, 'by_hand');
    await client.query('commit');
    expect(await traces('by_hand')).toEqual(BOTH);
  });

  test('whose connection is lost before the commit leaves neither', async () => {
    await connect();
    await makeTableAndSchema(client, 'lost');
    await database.db.query('select pg_terminate_backend($1)', [await backendOf(client)]);
    await expect(client.query('commit')).rejects.toThrow();
    expect(await traces('lost')).toEqual(NEITHER);
  });

  test('may register several schemas that refer to one another', async () => {
    await connect();
    await registerSchema(client, { subject: 'money', schema: money });
    const references = [{ name: 'Money', subject: 'money', version: -1 }];
    const { id } = await registerSchema(client, { subject: 'refund', schema: refund, references });
    await client.query('commit');
    expect(await requests.get(`/schemas/ids/${id}`)).toMatchObject({
      references: [{ name: 'Money', subject: 'money', version: 1 }],
    });
  });

  test.each([['commit'], ['rollback']] as const)(
    'is waited for by a registration of the same subject over HTTP, which follows its %s',
    async (ending) => {
      await connect();
      const subject = `contended_${ending}`;
      await makeTableAndSchema(client, subject);
      const answer = requests.register(subject, { schema: JSON.stringify(record(subject, 'id')) });
      await eventually(async () => {
        const { rows } = await database.db.query(
          `select from pg_stat_activity where datname = current_database()
           and application_name = 'tidemark registry' and wait_event = 'advisory'`,
        );
        expect(rows).toHaveLength(1);
      });
      await client.query(ending);
      expect(await answer).toMatchObject({ version: 1 });
      expect(await traces(subject)).toEqual({ ...BOTH, table: ending === 'commit' });
    },
  );
});

async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]!.pid;
}
