import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Queryable } from '#libs/foundation/postgres';
import { BY, record, refusal, startRegistry, type TestRegistry } from './registry-fixture.ts';

let its: TestRegistry;
beforeAll(async () => {
  its = await startRegistry();
});
afterAll(() => its.stop());

const query = { subject: undefined, format: '', referenceFormat: '', findTags: [], fetchMaxId: false };

/** How many statements a pool is asked to run meanwhile. */
async function statements(pool: Queryable, work: () => Promise<unknown>): Promise<number> {
  const real = pool.query.bind(pool);
  let count = 0;
  pool.query = ((...input: Parameters<typeof real>) => {
    count++;
    return real(...input);
  }) as typeof pool.query;
  try {
    await work();
  } finally {
    pool.query = real;
  }
  return count;
}

test('a schema read by id is not read again, and its permanent deletion is seen at the latest after freshMs', async () => {
  let now = 0;
  const pool = its.database.pool(2);
  const other = its.another({ database: pool, clock: { now: () => now }, freshMs: 100 });
  const made = await its.register('kept', record('A', 'x'));
  await other.getById(made.id, query);
  expect(await statements(pool, () => other.getById(made.id, query))).toBe(0);
  await its.registry.deleteSubject('kept', { permanent: false }, BY);
  await its.registry.deleteSubject('kept', { permanent: true }, BY);
  expect(await refusal(its.registry.getById(made.id, query))).toMatchObject({ code: 40_403 });
  now = 100;
  expect(await refusal(other.getById(made.id, query))).toMatchObject({ code: 40_403 });
});

test('registering what is there takes three statements and no transaction, and an id that is known none', async () => {
  const pool = its.database.pool(2);
  const registry = its.another({ database: pool });
  const again = () =>
    registry.register('same', { schema: record('B', 'x') }, { normalize: false, format: '', force: false }, BY);
  const made = await again();
  expect(await statements(pool, again)).toBeLessThanOrEqual(3);
  await registry.getById(made.id, query);
  expect(await statements(pool, () => registry.getById(made.id, query))).toBe(0);
});

test('memory is bounded: more schemas than fit are read, and all of them are right', async () => {
  const small = its.another({ cacheBytesMax: 32_768 });
  const subject = `many-${randomUUID()}`;
  await its.registry.putConfig(subject, { compatibilityLevel: 'NONE' }, BY);
  const made = [];
  for (let i = 0; i < 60; i++)
    made.push(
      await small.register(
        subject,
        { schema: record(`M${i}`, 'x') },
        { normalize: false, format: '', force: false },
        BY,
      ),
    );
  for (const each of [...made, ...made]) {
    expect((await small.getById(each.id, query)).schema).toBe(each.schema);
  }
});
