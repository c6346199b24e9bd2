import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
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

describe('control', () => {
  test('a paused subscription begins nothing, and goes on where it was', async () => {
    await world.start(({ value }) => handled.push(value));
    world.consumer.pause('handler');
    world.send('a', 'b');
    await world.pass(3_000);
    expect(handled).toEqual([]);
    expect(world.consumer.status().subscriptions[0]!.paused).toBe(true);
    world.consumer.resume('handler');
    await world.until(() => handled.length === 2);
    expect(() => world.consumer.pause('other')).toThrow('there is no subscription "other"');
  });

  test('a stop lets what is under way end, commits, and begins nothing more', async () => {
    world.send('a', 'b', 'c');
    const gates: (() => void)[] = [];
    await world.start(({ value }) => {
      handled.push(value);
      return new Promise<void>((resolve) => gates.push(resolve));
    });
    await world.until(() => gates.length === 1);
    const stopped = world.stop(5_000);
    await world.time.advance(20);
    gates[0]!();
    await stopped;
    expect(handled).toEqual([1]);
    expect(world.committed).toBe(1n);
    expect(world.consumer.status().state).toBe('stopped');
    expect(world.member.joined).toBe(false);
  });

  test('a stop that runs out of time rolls back what is under way', async () => {
    world.send('a');
    await world.start(({ signal, tx }) => {
      tx.writes.push(() => handled.push('committed'));
      return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    });
    await world.until(() => world.consumer.status().subscriptions[0]!.underWay === 1);
    await world.stop(500);
    expect(handled).toEqual([]);
    expect(world.committed).toBe(0n);
  });

  test('a partition that is asked for is given back as soon as what is under way has ended', async () => {
    world.send('a', 'b', 'c', 'd');
    const gates: (() => void)[] = [];
    await world.start(({ value }) => {
      handled.push(value);
      return new Promise<void>((resolve) => gates.push(resolve));
    });
    await world.until(() => gates.length === 1);
    let released = false;
    world.member.revoke('orders/0', () => (released = true));
    await world.time.advance(20);
    expect(released).toBe(false);
    gates[0]!();
    await world.until(() => released);
    expect(handled).toEqual([1]);
    expect(world.committed).toBe(1n);
  });

  test('a partition that stays after all is read on from where it was', async () => {
    world.send('a', 'b', 'c', 'd');
    const gates: (() => void)[] = [];
    await world.start(({ value }) => {
      handled.push(value);
      return gates.length === 0 ? new Promise<void>((resolve) => gates.push(resolve)) : undefined;
    });
    await world.until(() => gates.length === 1);
    world.member.revoke('orders/0', () => undefined);
    world.member.keep('orders/0');
    world.send('e');
    await world.pass(2_000);
    gates[0]!();
    await world.until(() => world.committed === 5n);
    expect(handled).toEqual([1, 2, 3, 4, 5]);
  });

  test('a partition that stays after all is read on, also when it was held for want of room', async () => {
    world.send(...Array.from({ length: 20 }, () => 'a'));
    const gates: (() => void)[] = [];
    const handle = ({ value }: { value: unknown }): unknown => {
      handled.push(value);
      return gates.length === 0 ? new Promise<void>((resolve) => gates.push(resolve)) : undefined;
    };
    await world.start(handle, { bufferRecords: 4 });
    await world.until(() => gates.length === 1);
    // What was handed out counts as unfinished until it is given up: the group cannot take it in the same moment.
    world.member.held.get('orders/0')!.open += 1;
    world.member.revoke('orders/0', () => undefined);
    gates[0]!();
    await world.pass(100);
    world.member.keep('orders/0');
    await world.until(() => world.committed === 20n);
    expect(handled).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test('a partition that is lost takes what is under way with it', async () => {
    world.send('a');
    let aborted = false;
    await world.start(
      ({ signal, tx }) => {
        tx.writes.push(() => handled.push('committed'));
        return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(void (aborted = true))));
      },
      {},
      { offsetsInTransaction: false },
    );
    await world.until(() => world.consumer.status().subscriptions[0]!.underWay === 1);
    world.topics.take('orders/0')();
    await world.until(() => aborted && world.consumer.status().subscriptions[0]!.underWay === 0);
    expect(handled).toEqual([]);
  });

  test('memory is bounded: partitions are held while there is no room', async () => {
    world.send(...Array.from({ length: 200 }, () => 'a'));
    let most = 0;
    await world.start(
      async () => {
        most = Math.max(most, world.consumer.status().subscriptions[0]!.buffered);
        await world.time.sleep(10);
      },
      { bufferRecords: 20 },
    );
    await world.until(() => world.committed === 200n);
    expect(most).toBe(20);
  });

  test('room that a lost partition leaves is used', async () => {
    world.send(...Array.from({ length: 50 }, () => 'a'));
    await world.start(
      ({ value }) => {
        handled.push(value);
        return handled.length === 1 ? new Promise(() => undefined) : undefined;
      },
      { bufferRecords: 4 },
    );
    await world.until(() => handled.length === 1);
    world.topics.take('orders/0')();
    world.topics.give('orders/0', world.member);
    await world.until(() => world.committed === 50n);
  });

  test('it is ready when it has caught up, and stays so', async () => {
    world.send(...Array.from({ length: 50 }, () => 'a'));
    let slow = true;
    await world.start(() => (slow ? world.time.sleep(300) : undefined), {}, { readyLag: 10 });
    await world.pass(3_000);
    expect(world.consumer.status()).toMatchObject({ state: 'running', ready: false });
    slow = false;
    await world.until(() => world.consumer.status().ready);
    expect(
      world.consumer.status().subscriptions[0]!.partitions.find(({ topic }) => topic === 'orders')!.lag,
    ).toBeLessThanOrEqual(10n);
  });

  test('polls that fail are tried again', async () => {
    world.send('a');
    await world.start(({ value }) => handled.push(value));
    await world.until(() => handled.length === 1);
    let failures = 3;
    world.member.chaos = (call) => {
      if (call === 'poll' && (failures -= 1) >= 0) throw new Error('no route');
    };
    world.send('b');
    await world.until(() => world.consumer.status().troubles.length === 1);
    await world.until(() => handled.length === 2);
    await world.until(() => world.consumer.status().troubles.length === 0);
  });

  test('new topics that a pattern selects are taken up, with their retry topics', async () => {
    const subscriptions = [
      {
        name: 'all',
        group: 'g',
        topics: ['order*'],
        handler: { kind: 'each' as const, handle: ({ topic }: { topic: string }) => handled.push(topic) },
      },
    ];
    await world.start(() => undefined, {}, { subscriptions });
    world.topics.create('orders2');
    await world.until(() => world.member.topics.has('orders2'));
    expect([...world.member.topics]).toEqual(['orders', 'orders.g.retry', 'orders2', 'orders2.g.retry']);
    expect(world.topics.partitions.has('orders2.g.dlq/0')).toBe(true);
    world.assign();
    world.topics.append('orders2', {});
    await world.until(() => handled.length === 1);
  });

  test('options that cannot work are refused before anything happens', async () => {
    const topics = world.topics;
    await expect(world.start(() => undefined, { concurrency: 0 })).rejects.toMatchObject({ code: 'CONSUMER_INVALID' });
    expect(topics.members).toEqual([]);
    topics.ensure = () => Promise.reject(new TidemarkError('DATABASE_UNAVAILABLE', 'away'));
    await expect(world.start(() => undefined)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(world.consumer.status().state).toBe('failed');
  });
});
