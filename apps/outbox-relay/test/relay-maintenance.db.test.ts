import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { startTestRelay, type TestRelay } from './running-relay.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay({ TIDEMARK_MAINTENANCE_MS: '100' });
  // Here, so that it has been measured by the time its test asks.
  await relay.database.db.query(
    `insert into inbox.blocked_key (group_name, topic, key_hash, key, waiting_for, blocked_at)
     values ('g', 't', sha256('a'), 'a', gen_random_uuid(), now() - interval '2 hours')`,
  );
});
afterAll(() => relay.stop());

async function metric(name: string): Promise<number> {
  const text = await (await relay.get('/metrics')).text();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
}

test('a running relay makes partitions ahead of the writers', async () => {
  const partitions = async (): Promise<number> =>
    (await relay.database.db.query('select * from outbox.message_partition')).rows.length;
  const before = await partitions();
  await relay.database.db.query('update outbox.settings set partitions_ahead = partitions_ahead + 3');
  await eventually(async () => expect(await partitions()).toBe(before + 3));
  await eventually(async () =>
    expect(await metric('tidemark_outbox_partitions_created_total')).toBeGreaterThanOrEqual(3),
  );
});

test('answers to repeated writes are forgotten after their time', async () => {
  const answer = await relay.send('POST', '/v1/topics', { name: 'purged' }, { 'idempotency-key': 'old' });
  expect(answer.status).toBe(201);
  await relay.database.db.query(`update audit.idempotency set created_at = now() - interval '25 hours'`);
  await eventually(async () =>
    expect((await relay.database.db.query('select * from audit.idempotency')).rows).toEqual([]),
  );
});

test('the age of an open writer is a metric', async () => {
  const client = await relay.database.db.connect();
  await client.query('begin');
  await client.query(`select outbox.emit('purged', 'k', '1')`);
  await eventually(async () => expect(await metric('tidemark_outbox_horizon_held_seconds')).toBeGreaterThan(0), 15_000);
  await client.query('commit');
  client.release();
  await eventually(async () => expect(await metric('tidemark_outbox_horizon_held_seconds')).toBe(0), 15_000);
});

test('what waits in the inbox is a metric', async () => {
  await eventually(async () => expect(await metric('tidemark_inbox_blocked_keys')).toBe(1), 15_000);
  expect(await metric('tidemark_inbox_blocked_keys_oldest_seconds')).toBeGreaterThan(7_000);
});
