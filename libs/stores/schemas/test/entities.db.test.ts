import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { RegistryDataSource } from '../src/postgres/entities/registry-data-source.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('the entities are the tables: every column, its type and whether it may be null', async () => {
  const source = await new RegistryDataSource(database.db).dataSource();
  const mapped = source.entityMetadatas.flatMap(({ tableName, ownColumns }) =>
    ownColumns.map((column) => `${tableName}.${column.databaseName} ${String(column.type)} ${column.isNullable}`),
  );
  const { rows } = await database.db.query<{ line: string }>(
    `select format('%s.%s %s %s', c.table_name, c.column_name, c.udt_name, lower(c.is_nullable) = 'yes') as line
     from information_schema.columns c
     where c.table_schema = 'registry' and c.table_name = any($1::text[])`,
    [source.entityMetadatas.map(({ tableName }) => tableName)],
  );
  const types: Record<string, string> = { int4: 'integer', bool: 'boolean' };
  const actual = rows.map(({ line }) => {
    const [column, type, nullable] = line.split(' ');
    return `${column} ${types[type!] ?? type} ${nullable === 't' || nullable === 'true'}`;
  });
  expect([...new Set(mapped)].sort()).toEqual(actual.sort());
});

test('repositories work on the connections of the pool, and give them back', async () => {
  const pool = database.pool(1);
  const source = new RegistryDataSource(pool);
  await Promise.all([source.dataSource(), source.dataSource()]);
  expect([pool.pool.totalCount, pool.pool.idleCount, pool.pool.waitingCount]).toEqual([1, 1, 0]);
  await (await source.dataSource()).destroy();
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('a first question that fails is asked anew', async () => {
  const pool = database.pool(1);
  const connect = pool.pool.connect.bind(pool.pool);
  let failing = true;
  pool.pool.connect = ((...input: unknown[]) => {
    if (!failing) return (connect as (...input: unknown[]) => unknown)(...input);
    const done = input[0] as (error: Error) => void;
    done(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }));
    return undefined;
  }) as typeof pool.pool.connect;
  const source = new RegistryDataSource(pool);
  const ask = () => source.ask({ name: 'mode', columns: {} }, (repository) => repository.count());
  await expect(ask()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  failing = false;
  expect(await ask()).toBe(0);
});
