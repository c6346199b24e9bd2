import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TidemarkError } from '#libs/foundation/kernel';
import { PLACEHOLDER_HEADER, PLACEHOLDER_KEY } from '#libs/stores/topic';
import { isAbandoned } from '../src/index.ts';
import { OneConsumer } from './one-consumer.ts';

let world: OneConsumer;
let handled: unknown[];

beforeEach(() => {
  world = new OneConsumer();
  handled = [];
});

afterEach(async () => {
  await world.stop().catch(() => undefined);
});

describe('delivery', () => {
  test('commits the offset with the effects, message by message', async () => {
    world.send('a', 'b', 'a');
    const seen: bigint[] = [];
    await world.start(({ value }) => {
      seen.push(world.committed);
      handled.push(value);
    });
    await world.until(() => handled.length === 3);
    await world.time.advance(0);
    expect(handled).toEqual([1, 2, 3]);
    expect(seen).toEqual([0n, 1n, 2n]);
    expect(world.committed).toBe(3n);
  });

  test('a message that the group has handled is skipped; without an inbox it is handled again', async () => {
    const [first] = world.send('a');
    world.topics.append('orders', first!);
    await world.start(({ value }) => handled.push(value));
    await world.until(() => world.committed === 2n);
    expect(handled).toEqual([1]);
    expect(world.events).toContain('duplicate orders@1 (1)');
    await world.stop();
    const again = new OneConsumer();
    again.send('a');
    again.topics.append('orders', again.topics.recordsOf('orders')[0]!);
    await again.start(({ value }) => handled.push(value), { inbox: false });
    await again.until(() => again.committed === 2n);
    expect(handled).toEqual([1, 1, 1]);
    await again.stop();
  });

  test('placeholders are passed over', async () => {
    world.topics.append('orders', {
      key: Buffer.from(PLACEHOLDER_KEY),
      headers: [[PLACEHOLDER_HEADER, Buffer.from('too large')]],
    });
    world.send('a');
    await world.start(({ value }) => handled.push(value));
    await world.until(() => world.committed === 2n);
    expect(handled).toEqual([1]);
  });

  test('keys run side by side, each in order, and the offset waits for the first', async () => {
    world.send('a', 'b', 'b', 'c');
    const gates = new Map<unknown, () => void>();
    await world.start(({ value }) => new Promise<void>((resolve) => gates.set(value, resolve)), { concurrency: 3 });
    await world.until(() => gates.size === 3);
    expect([...gates.keys()]).toEqual([1, 2, 4]);
    gates.get(2)!();
    gates.get(4)!();
    await world.until(() => gates.size === 4);
    gates.get(3)!();
    await world.until(() => world.consumer.status().subscriptions[0]!.underWay === 1);
    expect(world.committed).toBe(0n);
    gates.get(1)!();
    await world.until(() => world.committed === 4n);
  });

  test('what finished out of order behind the last transaction is flushed', async () => {
    world.send('a', 'b');
    const gates = new Map<unknown, () => void>();
    await world.start(({ value }) => new Promise<void>((resolve) => gates.set(value, resolve)), { concurrency: 2 });
    await world.until(() => gates.size === 2);
    gates.get(2)!();
    gates.get(1)!();
    await world.until(() => world.consumer.status().subscriptions[0]!.underWay === 0);
    await world.until(() => world.committed === 2n);
  });

  test('on Kafka offsets follow within the interval, and nothing is handled twice after a crash in between', async () => {
    world.send('a', 'b');
    await world.start(({ value }) => handled.push(value), {}, { offsetsInTransaction: false, commitIntervalMs: 500 });
    await world.until(() => handled.length === 2);
    expect(world.committed).toBe(0n);
    world.topics.give('orders/0', world.member);
    await world.until(() => world.committed === 2n);
    expect(handled).toEqual([1, 2]);
  });
});

describe('time', () => {
  test('a handler that takes too long has its signal fired and its transaction rolled back, and its connection is given up when it goes on', async () => {
    world.send('a', 'b');
    const errors: unknown[] = [];
    const transactions = world.db.transactionsOf({ alive: true });
    const watched = {
      ...transactions,
      run: <T>(work: (tx: never) => Promise<T>): Promise<T> =>
        transactions.run(work as never).catch((error: unknown) => {
          errors.push(error);
          throw error;
        }) as Promise<T>,
    };
    await world.start(
      ({ value, signal, tx }) => {
        if (value === 1) tx.writes.push(() => handled.push('late'));
        if (value === 1) return new Promise(() => undefined);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('heard'))));
      },
      { attempts: 1, timeoutMs: 2_000 },
      { transactions: watched },
    );
    await world.until(() => world.topics.recordsOf('orders.g.dlq').length === 2);
    expect(errors.map((error) => [(error as TidemarkError).code, isAbandoned(error)])).toEqual([
      ['HANDLER_TIMEOUT', true],
      ['HANDLER_TIMEOUT', false],
    ]);
    expect(handled).toEqual([]);
  });

  test('one that blocks no longer than it may is not tried again in place', async () => {
    world.send('a');
    await world.start(
      async () => {
        handled.push(world.time.now());
        await world.time.sleep(400);
        throw new Error('slow and wrong');
      },
      { attempts: 10, blockMs: 900, backoff: { minMs: 100, maxMs: 100 } },
    );
    await world.until(() => world.topics.recordsOf('orders.g.dlq').length === 1);
    expect(handled).toHaveLength(2);
  });
});
