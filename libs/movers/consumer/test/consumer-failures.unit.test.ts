import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { FatalError } from '../src/index.ts';
import { OneConsumer } from './one-consumer.ts';
import { textOf } from './records.ts';

let world: OneConsumer;
let handled: unknown[];

beforeEach(() => {
  world = new OneConsumer();
  handled = [];
});

afterEach(async () => {
  await world.stop().catch(() => undefined);
});

describe('failures', () => {
  test('are tried again in place, then in the retry topics, then end in the dlq; later messages go on', async () => {
    world.send('a', 'b');
    const times: number[] = [];
    const attempts: number[] = [];
    await world.start(
      ({ value, attempt, topic, offset }) => {
        if (value !== 1) return void handled.push(value);
        expect([topic, offset]).toEqual(['orders', 0n]);
        times.push(world.time.now());
        attempts.push(attempt);
        throw new Error('not now');
      },
      {
        attempts: 2,
        backoff: { minMs: 100, maxMs: 100 },
        retryTiers: [{ delayMs: 1_000 }, { delayMs: 5_000, attempts: 2 }],
      },
    );
    await world.until(() => world.topics.recordsOf('orders.g.dlq').length === 1);
    expect(handled).toEqual([2]);
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(100);
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(1_000);
    expect(times[3]! - times[2]!).toBeGreaterThanOrEqual(5_000);
    const [dead] = world.topics.recordsOf('orders.g.dlq');
    expect(textOf(dead!.headers)).toMatchObject({
      'tidemark-dlq-source-topic': 'orders',
      'tidemark-dlq-source-offset': '0',
      'tidemark-dlq-attempts': '5',
      'tidemark-dlq-error-message': 'not now',
      'tidemark-dlq-handler': 'handler',
    });
    expect(textOf(dead!.headers)).not.toHaveProperty('tidemark-due-at');
    expect([dead!.messageId, dead!.key, dead!.value]).toEqual([
      world.topics.recordsOf('orders')[0]!.messageId,
      Buffer.from('a'),
      Buffer.from('1'),
    ]);
    expect([...world.db.failures.values()].map(({ state }) => state)).toEqual(['retrying', 'retrying', 'dead']);
  });

  test('due times hold over a restart', async () => {
    world.send('a');
    let healthy = false;
    const handle = (): void => {
      if (!healthy) throw new Error('not now');
      handled.push(world.time.now());
    };
    const options = { attempts: 1, retryTiers: [{ delayMs: 10_000 }] };
    await world.start(handle, options);
    await world.until(() => world.topics.recordsOf('orders.g.retry').length === 1);
    const failedAt = world.topics.recordsOf('orders.g.retry')[0]!.time.getTime();
    await world.stop();
    healthy = true;
    await world.pass(4_000);
    await world.start(handle, options);
    await world.until(() => world.consumer.status().subscriptions[0]!.partitions.some(({ dueAt }) => dueAt !== null));
    await world.until(() => handled.length === 1);
    expect(handled[0]).toBeGreaterThanOrEqual(failedAt + 10_000);
    expect(handled[0]).toBeLessThan(failedAt + 11_000);
  });

  test('fatal errors and undecodable messages go straight to the dlq, with their raw bytes', async () => {
    world.send('a', 'b');
    const decoder = {
      decode: async ({ value }: { value: Buffer | null }) => {
        if (value?.toString() === '2') throw new TidemarkError('PAYLOAD_INVALID', 'garbled');
        return { value, schema: null };
      },
    };
    await world.start(() => Promise.reject(new FatalError('never')), { retryTiers: [{ delayMs: 1 }] }, { decoder });
    await world.until(() => world.topics.recordsOf('orders.g.dlq').length === 2);
    expect(world.topics.recordsOf('orders.g.dlq').map(({ value }) => value?.toString())).toEqual(['1', '2']);
    expect(world.topics.recordsOf('orders.g.retry')).toEqual([]);
  });

  test('troubles of the database and of the registry are waited out, and count for nothing', async () => {
    world.send('a', 'b');
    let trouble = 7;
    let refused = 2;
    world.db.chaos = (point) => {
      if (point === 'begin' && (refused -= 1) > 0) throw new Error('whatever a pool says');
      if (point === 'commit' && (trouble -= 1) > 0) throw new TidemarkError('DATABASE_UNAVAILABLE', 'away');
    };
    let unread = 3;
    const decoder = {
      decode: async () => {
        if ((unread -= 1) > 0) throw new TidemarkError('DATABASE_UNAVAILABLE', 'no registry');
        return { value: 0, schema: null };
      },
    };
    await world.start(({ attempt }) => handled.push(attempt), { attempts: 1 }, { decoder });
    await world.until(() => world.consumer.status().troubles.length > 0);
    expect(world.consumer.status().ready).toBe(false);
    await world.until(() => world.committed === 2n);
    expect(new Set(handled)).toEqual(new Set([1]));
    expect(world.topics.recordsOf('orders.g.dlq')).toEqual([]);
    await world.until(() => world.consumer.status().ready);
  });

  test('a failure that cannot be written is tried until it can: the message is never dropped', async () => {
    world.send('a');
    let away = false;
    world.db.chaos = () => {
      if (away) throw new TidemarkError('DATABASE_UNAVAILABLE', 'away');
    };
    await world.start(() => {
      away = true;
      throw new FatalError('never');
    });
    await world.pass(3_000);
    expect(world.consumer.status().troubles[0]).toContain('moving orders/0@0 to orders.g.dlq');
    expect(world.committed).toBe(0n);
    away = false;
    await world.until(() => world.topics.recordsOf('orders.g.dlq').length === 1);
    expect(world.committed).toBe(1n);
    expect(world.consumer.status().troubles).toEqual([]);
  });

  test('a failure that cannot be written before the consumer stops leaves the message where it was', async () => {
    world.send('a');
    let away = false;
    world.db.chaos = () => {
      if (away) throw new TidemarkError('DATABASE_UNAVAILABLE', 'away');
    };
    await world.start(() => {
      away = true;
      throw new FatalError('never');
    });
    await world.until(() => away);
    await world.pass(500);
    await world.stop(1_000);
    expect(world.committed).toBe(0n);
    expect(world.topics.recordsOf('orders.g.dlq')).toEqual([]);
  });

  test('a message that leaves no room for the stack goes without it; a topic that has gone is made again', async () => {
    world.send('a');
    world.topics.maxBytes = 1_000;
    await world.start(() => {
      for (const key of world.topics.partitions.keys()) if (key.includes('dlq')) world.topics.partitions.delete(key);
      throw new FatalError('x'.repeat(2_000));
    });
    await world.until(() => world.topics.recordsOf('orders.g.dlq').length === 1);
    expect(textOf(world.topics.recordsOf('orders.g.dlq')[0]!.headers)).not.toHaveProperty('tidemark-dlq-error-stack');
  });

  test('a delivery that was moved on is not moved again when its offset was lost', async () => {
    world.send('a');
    await world.start(
      () => Promise.reject(new FatalError('never')),
      {},
      { offsetsInTransaction: false, commitIntervalMs: 60_000 },
    );
    await world.until(() => world.topics.recordsOf('orders.g.dlq').length === 1);
    world.topics.give('orders/0', world.member);
    await world.until(() => world.events.filter((event) => event.startsWith('moved')).length === 2);
    expect(world.topics.recordsOf('orders.g.dlq')).toHaveLength(1);
  });

  test('a batch with a bad message is handled one by one, and its neighbours are not dead-lettered', async () => {
    world.send('a', 'a', 'b', 'c');
    await world.start(
      {
        kind: 'batch',
        maxRecords: 10,
        handle: (deliveries) => {
          handled.push(deliveries.map(({ value }) => value));
          if (deliveries.some(({ value }) => value === 2)) throw new FatalError('two');
        },
      },
      { concurrency: 4 },
    );
    await world.until(() => world.committed === 4n);
    expect(handled).toEqual([[1, 2, 3, 4], [1], [2], [3], [4]]);
    expect(world.events).toContain('split 4');
    expect(world.topics.recordsOf('orders.g.dlq').map(({ value }) => value?.toString())).toEqual(['2']);
    world.send('a', 'b');
    await world.until(() => world.committed === 6n);
    expect(handled.at(-1)).toEqual([5, 6]);
  });
});

describe('parking', () => {
  test('later messages of a key wait behind one that failed, others go on; then they go on in order', async () => {
    world.send('a', 'a', 'b', 'a');
    let tries = 0;
    await world.start(
      ({ value }) => {
        if (value === 1 && (tries += 1) < 2) throw new Error('not now');
        handled.push(value);
      },
      { attempts: 1, afterDeadLetter: 'park', retryTiers: [{ delayMs: 2_000 }] },
    );
    await world.until(() => world.committed === 4n);
    expect(handled).toEqual([3]);
    expect(world.events).toContain('parked orders@1 (1)');
    world.send('a');
    await world.until(() => handled.length === 5);
    expect(handled).toEqual([3, 1, 2, 4, 5]);
    await world.until(() => world.db.blocked.size === 0);
    world.send('a');
    await world.until(() => handled.length === 6);
    expect(world.events.at(-1)).toBe('handled orders@5 (1)');
  });

  test('behind a dead letter they wait until the key is resolved by hand', async () => {
    world.send('a', 'a');
    await world.start(
      ({ value }) => {
        if (value === 1) throw new FatalError('never');
        handled.push(value);
      },
      { afterDeadLetter: 'park' },
    );
    await world.until(() => world.committed === 2n);
    await world.pass(5_000);
    expect(handled).toEqual([]);
    for (const name of world.db.blocked.keys()) world.db.blocked.set(name, null);
    await world.until(() => handled.length === 1);
  });

  test('one that is under way when the consumer stops may end', async () => {
    world.send('a', 'a');
    let tries = 0;
    const gates: (() => void)[] = [];
    await world.start(
      ({ value }) => {
        if (value === 1 && (tries += 1) < 2) throw new Error('not now');
        handled.push(value);
        return value === 2 ? new Promise<void>((resolve) => gates.push(resolve)) : undefined;
      },
      { attempts: 1, afterDeadLetter: 'park', retryTiers: [{ delayMs: 100 }] },
    );
    await world.until(() => gates.length === 1);
    const stopped = world.stop(5_000);
    await world.pass(1_000);
    gates[0]!();
    await stopped;
    expect(world.events.at(-1)).toBe('handled orders@1 (1)');
    expect(world.db.parked.size).toBe(0);
  });
});

describe('breaker', () => {
  test('when most fail nothing is moved on, the handler waits and an event says so; one success lets all go on', async () => {
    world.send(...Array.from({ length: 30 }, () => null));
    let down = true;
    let calls = 0;
    await world.start(
      ({ value }) => {
        calls += 1;
        if (down) throw new Error('connection refused');
        handled.push(value);
      },
      { attempts: 1, breaker: { window: 10, minimum: 5, openMs: 1_000 } },
    );
    await world.until(() => world.events.includes('breaker closed open'));
    const moved = () => world.topics.recordsOf('orders.g.dlq').length;
    expect(moved()).toBe(4);
    const before = calls;
    await world.pass(900);
    expect(calls).toBe(before);
    expect(world.consumer.status().subscriptions[0]!.breaker).toBe('open');
    await world.pass(8_000);
    expect(calls - before).toBe(3);
    expect(moved()).toBe(4);
    down = false;
    await world.until(() => handled.length === 26);
    expect(handled).toEqual(Array.from({ length: 26 }, (_, index) => index + 5));
    expect(moved()).toBe(4);
  });

  test('fatal errors do not count', async () => {
    world.send(...Array.from({ length: 30 }, () => null));
    await world.start(() => Promise.reject(new FatalError('never')), { breaker: { window: 10, minimum: 5 } });
    await world.until(() => world.topics.recordsOf('orders.g.dlq').length === 30);
    expect(world.consumer.status().subscriptions[0]!.breaker).toBe('closed');
  });
});
