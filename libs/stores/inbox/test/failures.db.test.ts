import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Inbox } from '#libs/movers/consumer';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { type FailedDelivery, InboxMaintenance, inboxRetention, listFailures, PostgresInbox } from '../src/index.ts';
import { failureOf, recordOf } from './failed-deliveries.ts';

/** It is what the consumer asks for. */
const inbox: Inbox & PostgresInbox = new PostgresInbox();

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.query('delete from inbox.failure');
});

const record = (failure: FailedDelivery): Promise<'recorded' | 'already'> =>
  database.db.transaction((tx) => inbox.recordFailure(tx, failure));
const failures = () => listFailures(database.db, 'billing', { limit: 100 });

const retried = { topic: 'orders.billing.retry', partition: 2, offset: 40n };

describe('a failed delivery', () => {
  test('is recorded once, with what is known of it', async () => {
    const failure = failureOf(recordOf(7n, 'a'));
    expect(await record(failure)).toBe('recorded');
    expect(await record({ ...failure, attempts: 9 })).toBe('already');
    const { delivery: _, failedAt: lastFailedAt, ...kept } = failure;
    expect(await failures()).toEqual([{ ...kept, id: expect.any(BigInt), lastFailedAt, resolution: null }]);
  });

  test('of a retry topic is told apart from the first one, in whatever order they come again', async () => {
    const first = failureOf(recordOf(7n, 'a'));
    const second: FailedDelivery = {
      ...first,
      delivery: retried,
      attempts: 6,
      state: 'dead',
      sentTo: 'orders.billing.dlq',
      dueAt: null,
    };
    expect([await record(first), await record(second), await record(first), await record(second)]).toEqual([
      'recorded',
      'recorded',
      'already',
      'already',
    ]);
    expect(await failures()).toMatchObject([
      { origin: first.origin, attempts: 6, state: 'dead', sentTo: 'orders.billing.dlq', dueAt: null },
    ]);
  });

  test('that two transactions record at once is sent on by one of them', async () => {
    const failure = failureOf(recordOf(7n, 'a'));
    const answers = await Promise.all(Array.from({ length: 5 }, () => record(failure)));
    expect(answers.filter((answer) => answer === 'recorded')).toHaveLength(1);
    expect(await failures()).toHaveLength(1);
  });

  test('of another message at the same offset is another failure', async () => {
    await record(failureOf(recordOf(7n, 'a')));
    expect(await record(failureOf(recordOf(7n, 'a')))).toBe('recorded');
    expect(await failures()).toHaveLength(2);
  });

  test('is kept whatever its error and its times say, cut where they are too long', async () => {
    const error = {
      errorClass: 'E'.repeat(300),
      causeClass: null,
      message: `\0\ud800${'é'.repeat(2_000)}`,
      stack: '€'.repeat(9_000),
    };
    expect(
      await record(
        failureOf(recordOf(7n, 'a', { key: null }), {
          error,
          appVersion: null,
          firstFailedAt: new Date(NaN),
          failedAt: new Date(8.64e15),
        }),
      ),
    ).toBe('recorded');
    const [kept] = await failures();
    expect(kept!.error).toEqual({
      errorClass: 'E'.repeat(256),
      causeClass: null,
      message: `\ufffd\ufffd${'é'.repeat(509)}`,
      stack: '€'.repeat(2_730),
    });
  });

  test('is resolved when its message is handled after all, and open again when it fails again', async () => {
    const failure = failureOf(recordOf(7n, 'a'));
    await record(failure);
    await database.db.transaction((tx) => inbox.settleFailure(tx, failure));
    expect(await failures()).toMatchObject([{ state: 'resolved', resolution: 'handled', dueAt: null }]);
    expect(await record({ ...failure, delivery: retried })).toBe('recorded');
    expect(await failures()).toMatchObject([{ state: 'retrying', resolution: null }]);
  });
});

test('failures are read page by page, the newest first, of one state if asked', async () => {
  for (let offset = 0n; offset < 7n; offset += 1n)
    await record(failureOf(recordOf(offset, 'a'), offset % 2n === 0n ? { state: 'dead' } : {}));
  await record(failureOf(recordOf(0n, 'a'), { group: 'shipping' }));
  const offsets: bigint[] = [];
  let before: bigint | undefined;
  for (;;) {
    const page = await listFailures(database.db, 'billing', { limit: 3, ...(before === undefined ? {} : { before }) });
    offsets.push(...page.map((failure) => failure.origin.offset));
    before = page.at(-1)?.id;
    if (page.length < 3) break;
  }
  expect(offsets).toEqual([6n, 5n, 4n, 3n, 2n, 1n, 0n]);
  const dead = await listFailures(database.db, 'billing', { state: 'dead', limit: 100 });
  expect(dead.map((failure) => failure.origin.offset)).toEqual([6n, 4n, 2n, 0n]);
});

test('failures that nobody works on are forgotten after their time, unless a key waits for them', async () => {
  const [dead, waitedFor, retrying, young] = [1n, 2n, 3n, 4n].map((offset) =>
    failureOf(recordOf(offset, `key ${offset}`), { state: 'dead' }),
  ) as [FailedDelivery, FailedDelivery, FailedDelivery, FailedDelivery];
  for (const failure of [dead, waitedFor, { ...retrying, state: 'retrying' as const }]) await record(failure);
  await database.db.query(`update inbox.failure set changed_at = clock_timestamp() - interval '31 days'`);
  await record(young);
  await database.db.query('select inbox.block_key($1, $2, $3, $4)', [
    'billing',
    'orders',
    waitedFor.key,
    waitedFor.messageId,
  ]);
  const maintenance = new InboxMaintenance(inboxRetention(database.db), { holder: randomUUID(), leaseMs: 60_000 });
  expect(await maintenance.run(new AbortController().signal)).toMatchObject({ forgotten: 1 });
  expect((await failures()).map((failure) => failure.origin.offset)).toEqual([4n, 3n, 2n]);
  await database.db.query('delete from inbox.blocked_key');
});

test('a failure without a proper message id or state is refused', async () => {
  const failure = failureOf(recordOf(7n, 'a'));
  await expect(record({ ...failure, messageId: 'order-7' })).rejects.toMatchObject({ code: 'INBOX_INVALID' });
  await expect(record({ ...failure, state: 'resolved' as 'dead' })).rejects.toMatchObject({ code: 'INBOX_INVALID' });
  expect(await failures()).toEqual([]);
});
