import { afterEach, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { createOutbox, type Delivery, FatalError, type SubscriptionOptions } from '#libs/sdk';
import { type ConsumerHarness, memoryHarness, type MemoryTransaction } from '../src/index.ts';

let harness: ConsumerHarness<MemoryTransaction>;
afterEach(() => harness.close());

type Order = { readonly id: string };
type OrderDelivery = Delivery<MemoryTransaction, Order>;

async function started(
  handle: (delivery: OrderDelivery) => unknown,
  options: SubscriptionOptions & { decode?: 'auto' | 'json' | 'bytes' } = {},
): Promise<void> {
  harness = memoryHarness({ topics: ['orders.placed', 'invoices'] });
  const subscriptions = [{ topics: 'orders.placed', handle, ...options }];
  await harness.createConsumer({ group: 'billing', subscriptions }).start();
}

const place = (id: string, key = id): Promise<string> =>
  harness.emit('orders.placed', { key, payload: { id } satisfies Order });

test('handlers see each message once, with what was emitted', async () => {
  const seen: unknown[] = [];
  await started(({ value, key, messageId, attempt, headers, schema }) => {
    seen.push({ id: value.id, key: key?.toString(), messageId, attempt, headers, schema });
  });
  const ids = [await place('a'), await place('b'), await place('c')];
  await harness.settle();
  const expected = ['a', 'b', 'c'].map((id, index) => ({
    id,
    key: id,
    messageId: ids[index],
    attempt: 1,
    headers: [],
    schema: null,
  }));
  expect(seen).toHaveLength(3);
  expect(seen).toEqual(expect.arrayContaining(expected));
});

test('effects and emitted events take effect with the commit, and not when the handler fails', async () => {
  const charged: string[] = [];
  const outbox = createOutbox();
  await started(async ({ value, tx, attempt }) => {
    tx.onCommit(() => charged.push(value.id));
    await outbox.emit(tx, 'invoices', { key: value.id, payload: { order: value.id, attempt } });
    if (attempt < 3) throw new Error('not yet');
  });
  await place('a');
  await harness.settle();
  expect(charged).toEqual(['a']);
  const [invoice, ...more] = await harness.records('invoices');
  expect(more).toEqual([]);
  expect(JSON.parse(invoice!.value!.toString())).toEqual({ order: 'a', attempt: 3 });
});

test('retry topics fire by moving the clock, and the dlq gets what never succeeds', async () => {
  const tries: [number, number][] = [];
  const start = Date.parse('2030-01-01T00:00:00Z');
  await started(
    ({ attempt }) => {
      tries.push([attempt, Math.round((harness.now() - start) / 60_000)]);
      throw new RangeError('card refused');
    },
    { attempts: 1, retryTiers: [{ delayMs: 60_000 }, { delayMs: 600_000 }] },
  );
  const messageId = await place('a');
  await harness.settle();
  expect(tries).toEqual([[1, 0]]);
  await harness.advance(59_000);
  expect(tries).toHaveLength(1);
  await harness.advance(1_500);
  expect(tries).toHaveLength(2);
  expect(await harness.deadLetters()).toEqual([]);
  await harness.advance(600_000);
  expect(tries).toEqual([
    [1, 0],
    [2, 1],
    [3, 11],
  ]);
  expect(await harness.deadLetters()).toMatchObject([
    {
      topic: 'orders.placed.billing.dlq',
      sourceTopic: 'orders.placed',
      group: 'billing',
      handler: 'orders.placed',
      messageId,
      key: 'a',
      value: { id: 'a' },
      attempts: 3,
      errorClass: 'RangeError',
      errorMessage: 'card refused',
    },
  ]);
});

test('fatal errors and values that nobody can read are dead letters at once', async () => {
  let calls = 0;
  await started(
    () => {
      calls += 1;
      throw new FatalError('no such product');
    },
    { decode: 'json' },
  );
  await harness.emit('orders.placed', { payload: Buffer.from('{') });
  await place('a');
  await harness.settle();
  expect(calls).toBe(1);
  const dead = await harness.deadLetters();
  expect(dead.map(({ value, attempts }) => ({ value, attempts }))).toEqual(
    expect.arrayContaining([
      { value: { id: 'a' }, attempts: 1 },
      { value: Buffer.from('{'), attempts: expect.any(Number) },
    ]),
  );
});

test('later messages of a key are parked until the first was handled', async () => {
  const handled: string[] = [];
  let broken = true;
  await started(
    ({ value, tx }) => {
      if (broken && value.id === 'a1') throw new Error('not yet');
      tx.onCommit(() => handled.push(value.id));
    },
    { attempts: 1, retryTiers: [{ delayMs: 10_000 }], afterDeadLetter: 'park' },
  );
  for (const [id, key] of [
    ['a1', 'a'],
    ['a2', 'a'],
    ['b1', 'b'],
    ['a3', 'a'],
  ] as const)
    await place(id, key);
  await harness.settle();
  expect(handled).toEqual(['b1']);
  broken = false;
  await harness.advance(11_000);
  expect(handled).toEqual(['b1', 'a1', 'a2', 'a3']);
});

test('a database in trouble is waited for, and a handler that hangs is ended by its time-out', async () => {
  let away = 20;
  const handled: string[] = [];
  await started(
    async ({ value, signal }) => {
      away -= 1;
      if (away > 0) throw new TidemarkError('DATABASE_UNAVAILABLE', 'away');
      if (value.id === 'hangs') {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      }
      handled.push(value.id);
    },
    { attempts: 1, timeoutMs: 30_000 },
  );
  await place('a');
  await harness.settle();
  expect(handled).toEqual(['a']);
  expect(await harness.deadLetters()).toEqual([]);
  await place('hangs');
  await harness.advance(31_000);
  expect(await harness.deadLetters()).toMatchObject([
    { errorMessage: expect.stringContaining('did not end within 30000 ms') },
  ]);
});

test('SQL, unknown topics and swallowed failures are refused as a database would refuse them', async () => {
  const outbox = createOutbox();
  await started(
    async ({ value, tx }) => {
      if (value.id === 'sql') await tx.query('select 1');
      await outbox.emit(tx, 'nowhere', { payload: 1 }).catch(() => undefined);
    },
    { attempts: 1 },
  );
  await place('sql');
  await place('swallowed');
  await harness.settle();
  const dead = await harness.deadLetters();
  expect(dead.map(({ errorMessage }) => errorMessage).sort()).toEqual([
    'CONSUMER_INVALID: there is no SQL in memory: select 1',
    'TRANSACTION_ABORTED: a statement of the handler had failed, and the handler went on',
  ]);
});
