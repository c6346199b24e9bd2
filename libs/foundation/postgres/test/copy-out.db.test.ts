import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

describe('copyOut', () => {
  test('gives fields as they are, nulls among them', async () => {
    const rows = await database.db.copyOut(
      `select 9007199254740993::bigint, -7::int, null::int, 1.5::float8, 'plain'::text, 'größer'::text, null::text, '\\x00ff'::bytea,
              ''::bytea, null::bytea`,
      0,
    );
    expect(rows.next()).toBe(true);
    expect(rows.int64()).toBe(9007199254740993n);
    expect([rows.int32(), rows.int32()]).toEqual([-7, null]);
    expect(rows.float64()).toBe(1.5);
    rows.skip(1);
    expect([rows.text(), rows.text()]).toEqual(['größer', null]);
    expect([rows.bytes(), rows.bytes(), rows.bytes()]).toEqual([Buffer.from([0, 255]), Buffer.alloc(0), null]);
    expect(rows.next()).toBe(false);
  });

  test.each([0, 10_000_000])('takes rows of all sizes when %s bytes were expected', async (expected) => {
    const rows = await database.db.copyOut(
      `select n, convert_to(repeat(chr(97 + n % 26), n * n), 'UTF8') from generate_series(1, 200) n`,
      expected,
    );
    for (let n = 1; n <= 200; n += 1) {
      expect(rows.next()).toBe(true);
      expect(rows.int32()).toBe(n);
      // Matchers compare buffers byte by byte, which takes a minute for these.
      expect(rows.bytes()?.equals(Buffer.alloc(n * n, 97 + (n % 26)))).toBe(true);
    }
    expect(rows.next()).toBe(false);
  });

  test('has no rows where there are none', async () => {
    expect((await database.db.copyOut('select 1 where false', 0)).next()).toBe(false);
  });

  test('throws what a statement throws, also behind its first rows, and the connection stays of use', async () => {
    await expect(database.db.copyOut('select 1 / (3 - n) from generate_series(1, 5) n', 0)).rejects.toThrow(
      'division by zero',
    );
    expect((await database.db.query<{ n: number }>('select 1 as n')).rows).toEqual([{ n: 1 }]);
  });
});
