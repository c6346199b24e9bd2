import { describe, expect, test } from '@jest/globals';
import { differences } from './fake/check-content.ts';
import { Simulation } from './fake/simulation.ts';

async function published(seed: number, records: number): Promise<Simulation> {
  const simulation = new Simulation(seed);
  simulation.log.addTopic('orders', 1);
  simulation.cluster.createTopic('orders', 1);
  simulation.startPublisher();
  simulation.log.append(1, 0, records);
  await simulation.catchUp(1, 1);
  return simulation;
}

const reasons = ({ store }: Simulation): unknown =>
  store.row(1, 0)!.segments.map(({ fromOffset, delta, reason }) => [fromOffset, delta, reason]);

describe('a cluster that changes by itself', () => {
  test('foreign records move the offsets behind them, not the sequences', async () => {
    const simulation = await published(1, 10);
    simulation.cluster.appendForeign('orders', 0, 3);
    simulation.log.append(1, 0, 20);
    await simulation.catchUp(1, 1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
    expect(reasons(simulation)).toEqual([
      [0n, 0n, 'start'],
      [10n, 3n, 'foreign'],
    ]);
  });

  test('a topic with records of others is adopted behind them, or refused', async () => {
    for (const existingRecords of ['adopt', 'refuse'] as const) {
      const simulation = new Simulation(2);
      simulation.log.addTopic('orders', 1);
      simulation.cluster.createTopic('orders', 1);
      simulation.cluster.appendForeign('orders', 0, 7);
      const { publisher } = simulation.startPublisher({ existingRecords });
      simulation.log.append(1, 0, 10);
      await simulation.time.run(10_000, () => simulation.caughtUp(1, 1));
      if (existingRecords === 'adopt') expect(reasons(simulation)).toEqual([[0n, 7n, 'adopted']]);
      else expect(publisher.status().lanes[0]).toMatchObject({ phase: 'stopped', ackedOffset: 0n });
      expect(simulation.cluster.partition('orders', 0)!.log.end).toBe(existingRecords === 'adopt' ? 17 : 7);
    }
  });

  test.each([1, 5, 30, 40])('the %s newest records that it lost are put back at their offsets', async (lost) => {
    const simulation = await published(3, 40);
    simulation.cluster.partition('orders', 0)!.loseEnd(lost);
    // Nobody writes: metadata shows the new leader epoch.
    await simulation.time.run(120_000, () => simulation.cluster.partition('orders', 0)!.log.end === 40);
    await simulation.catchUp(1, 1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
    expect(reasons(simulation)).toEqual([[0n, 0n, 'start']]);
  });

  test('a topic that was deleted and created again is filled from the log', async () => {
    const simulation = await published(4, 40);
    simulation.cluster.topics.delete('orders');
    await simulation.time.run(1_000);
    simulation.cluster.createTopic('orders', 1);
    await simulation.time.run(120_000, () => simulation.cluster.partition('orders', 0)!.log.end === 40);
    await simulation.catchUp(1, 1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
    expect(simulation.events.join('\n')).toContain('recreated "orders"');
  });

  test('a batch that lands in the new topic first stops the partition, until the topic is created once more', async () => {
    const simulation = await published(5, 40);
    simulation.cluster.topics.delete('orders');
    simulation.cluster.createTopic('orders', 1);
    // Sent within quietMs, before anybody could notice.
    simulation.log.append(1, 0, 5);
    const { publisher } = simulation.publishers[0]!;
    await simulation.time.run(60_000, () => publisher.status().lanes[0]?.phase === 'stopped');
    expect(publisher.status().lanes[0]).toMatchObject({ phase: 'stopped', ackedOffset: 40n });
    expect(publisher.status().lanes[0]!.trouble).toContain('create it again');
    await simulation.time.run(120_000);
    expect(publisher.status().lanes[0]!.phase).toBe('stopped');
    expect(simulation.cluster.partition('orders', 0)!.log.end).toBe(5);
    simulation.cluster.topics.delete('orders');
    await simulation.catchUp(1, 1, 240_000);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
  });

  test('history that Postgres pruned before the cluster had it is left out; sequences run on', async () => {
    const simulation = await published(6, 10);
    simulation.publishers[0]!.process.kill();
    simulation.log.append(1, 0, 50);
    simulation.log.prune(1, 0, 30);
    simulation.startPublisher();
    await simulation.catchUp(1, 1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
    expect(reasons(simulation)).toEqual([
      [0n, 0n, 'start'],
      [30n, -20n, 'pruned'],
    ]);
  });

  test('sequences wrap behind 2^31 - 1', async () => {
    const simulation = new Simulation(7);
    simulation.log.addTopic('orders', 1);
    simulation.cluster.createTopic('orders', 1);
    const lease = (await simulation.time.until(simulation.store.acquire({}, 'before', {}, 1), 100))!;
    const segment = { fromOffset: 0n, delta: 0n, sequenceDelta: 2n ** 31n - 25n, reason: 'start' } as const;
    await simulation.time.until(
      simulation.store.saveSegments(lease, [{ topicId: 1, partition: 0, segments: [segment] }]),
      100,
    );
    const { network } = simulation.startPublisher();
    simulation.log.append(1, 0, 20);
    await simulation.catchUp(1, 1);
    network.faults = { ...network.faults, loseAnswer: 0.3, repeat: 0.3, delay: 0.2 };
    for (let round = 0; round < 10; round += 1) {
      simulation.log.append(1, 0, 8);
      await simulation.time.run(300);
    }
    network.faults = { loseRequest: 0, loseAnswer: 0, repeat: 0, delay: 0, failCall: 0 };
    await simulation.catchUp(1, 1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
    const sequences = simulation.cluster.partition('orders', 0)!.log.entries.map(({ sequence }) => sequence);
    expect(sequences.slice(24, 27)).toEqual([2 ** 31 - 1, 0, 1]);
  });
});

describe('Postgres set back to an older state', () => {
  async function restored(seed: number): Promise<Simulation> {
    const simulation = await published(seed, 20);
    const restore = simulation.store.snapshot();
    simulation.log.append(1, 0, 30);
    await simulation.catchUp(1, 1);
    simulation.publishers[0]!.process.kill();
    await simulation.time.run(5_000);
    restore();
    simulation.log.truncate(1, 0, 20);
    return simulation;
  }

  test('is not published over what the cluster has already', async () => {
    const simulation = await restored(8);
    const { publisher } = simulation.startPublisher();
    await simulation.time.run(20_000, () => publisher.status().lanes[0]?.phase === 'stopped');
    expect(publisher.status().lanes[0]!.trouble).toContain('older state');
    expect(simulation.cluster.partition('orders', 0)!.log.end).toBe(50);
  });

  test('is noticed too when other messages have taken the offsets, and goes on where a person says', async () => {
    const simulation = await restored(9);
    simulation.log.append(1, 0, 60);
    const { publisher } = simulation.startPublisher();
    await simulation.time.run(20_000, () => publisher.status().lanes[0]?.phase === 'stopped');
    expect(publisher.status().lanes[0]!.trouble).toMatch(/is message .* in Postgres, but message/);
    expect(simulation.cluster.partition('orders', 0)!.log.end).toBe(50);
    simulation.store.requests.push({ topicId: 1, partition: 0, action: 'accept', fromOffset: 20n });
    await simulation.catchUp(1, 1);
    expect(simulation.cluster.partition('orders', 0)!.log.end).toBe(110);
    expect(reasons(simulation)).toEqual([
      [0n, 0n, 'start'],
      [20n, 30n, 'adopted'],
    ]);
  });
});
