import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { SEQUENCER_STATUS } from '../src/postgres/sequencer-status.sql.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

// The one row of log.sequencer is updated with each step, and the table grows while an old snapshot keeps its versions. A
// planner that believes in as many rows has the statement compiled (JIT), for a tenth of a second each time.
test('the statement stays cheap in the eyes of the planner, however large the table of one row has grown', async () => {
  await database.db.query(`select outbox.create_topic('orders')`);
  await database.db.query(`select outbox.emit('orders', 'k' || n, '{}') from generate_series(1, 3000) n`);
  const reader = await database.db.connect();
  try {
    await reader.query('begin isolation level repeatable read; select 1');
    await database.db.query(
      `do $$ begin for i in 1..5000 loop update log.sequencer set term = term; commit; end loop; end $$`,
    );
    const explained = await database.db.query<{ 'QUERY PLAN': [{ Plan: { 'Total Cost': number } }] }>(
      `explain (format json) ${SEQUENCER_STATUS}`,
    );
    const limit = await database.db.query<{ cost: number }>(`select current_setting('jit_above_cost')::float8 as cost`);
    expect(explained.rows[0]!['QUERY PLAN'][0].Plan['Total Cost']).toBeLessThan(limit.rows[0]!.cost / 10);
  } finally {
    await reader.query('rollback');
    reader.release();
  }
});
