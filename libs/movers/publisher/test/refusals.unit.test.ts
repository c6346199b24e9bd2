import { describe, expect, test } from '@jest/globals';
import { TIME_HEADER } from '#libs/stores/topic';
import { differences } from './fake/check-content.ts';
import { GENEROUS } from './fake/fake-cluster.ts';
import { Simulation } from './fake/simulation.ts';

function orders(seed: number, partitions = 1): Simulation {
  const simulation = new Simulation(seed);
  simulation.log.addTopic('orders', partitions);
  return simulation;
}

describe('what a cluster refuses', () => {
  test('a batch that is too large is halved; a record alone becomes a placeholder on this cluster', async () => {
    const simulation = orders(1);
    simulation.cluster.settings = { ...GENEROUS, maxBatchBytes: 2_000 };
    simulation.cluster.createTopic('orders', 1);
    simulation.log.append(1, 0, 12, { bytes: 600 });
    simulation.log.append(1, 0, 1, { bytes: 5_000 });
    simulation.log.append(1, 0, 12, { bytes: 600 });
    simulation.startPublisher();
    await simulation.catchUp(1, 1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
    const { entries } = simulation.cluster.partition('orders', 0)!.log;
    expect(entries.flatMap(({ key }, index) => (String(key) === 'tidemark-placeholder' ? [index] : []))).toEqual([12]);
    const placeholders = await simulation.time.until(simulation.store.placeholders(1, 1), 100);
    expect(placeholders).toMatchObject([{ offset: 12n, reason: 'too-large' }]);
  });

  test('a placeholder stays one when the records are sent again', async () => {
    const simulation = orders(2);
    simulation.cluster.settings = { ...GENEROUS, maxBatchBytes: 2_000 };
    simulation.cluster.createTopic('orders', 1);
    simulation.log.append(1, 0, 1, { bytes: 5_000 });
    simulation.log.append(1, 0, 5);
    simulation.startPublisher();
    await simulation.catchUp(1, 1);
    simulation.publishers[0]!.process.kill();
    simulation.cluster.partition('orders', 0)!.loseEnd(6);
    simulation.startPublisher();
    await simulation.time.run(60_000, () => simulation.cluster.partition('orders', 0)!.log.end === 6);
    await simulation.catchUp(1, 1);
    expect(simulation.events.filter((event) => event.includes('placeholderMade'))).toHaveLength(1);
    expect(String(simulation.cluster.partition('orders', 0)!.log.entries[0]!.key)).toBe('tidemark-placeholder');
  });

  test.each([
    ['that its configs tell', [['message.timestamp.before.max.ms', '3600000']] as const],
    ['that nobody tells', []],
  ])('timestamps are moved into the limits %s, the time goes into a header', async (_, configs) => {
    const simulation = orders(3);
    simulation.cluster.settings = { ...GENEROUS, timestampBeforeMs: 3_600_500, timestampAfterMs: 3_600_000 };
    simulation.cluster.createTopic('orders', 1, configs);
    simulation.log.append(1, 0, 10, { ageMs: 7_200_000 });
    simulation.log.append(1, 0, 10);
    simulation.startPublisher();
    await simulation.catchUp(1, 1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
    const { entries } = simulation.cluster.partition('orders', 0)!.log;
    const times = entries.map(({ headers }) => headers.find(([name]) => name === TIME_HEADER)?.[1]?.toString());
    const [first] = simulation.log.partition(1, 0).records;
    expect(times[0]).toBe(first!.time.toISOString());
    expect(times.filter((time) => time !== undefined)).toHaveLength(10);
  });

  test('a partition without authorization waits and says what to do; the others go on', async () => {
    const simulation = orders(4, 2);
    simulation.cluster.createTopic('orders', 2);
    simulation.cluster.partition('orders', 0)!.writable = false;
    const { publisher } = simulation.startPublisher();
    simulation.log.append(1, 0, 100);
    simulation.log.append(1, 1, 100);
    await simulation.time.run(2_000, () => simulation.store.row(1, 1)?.ackedOffset === 100n);
    expect(simulation.store.row(1, 1)!.ackedOffset).toBe(100n);
    const [blocked] = publisher.status().lanes;
    expect(blocked).toMatchObject({ phase: 'blocked', ackedOffset: 0n, bufferedBytes: 0 });
    expect(blocked!.trouble).toContain('allow the principal WRITE');
    await simulation.time.run(1_000, () => simulation.store.row(1, 0)?.trouble !== null);
    simulation.cluster.partition('orders', 0)!.heal();
    await simulation.catchUp(1, 2);
    expect(simulation.store.row(1, 0)!.trouble).toBeNull();
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
  });

  test('a topic with another number of partitions is refused; one that grew in the log grows on the cluster', async () => {
    const simulation = orders(5, 2);
    simulation.log.addTopic('payments', 3);
    simulation.cluster.createTopic('payments', 5);
    simulation.log.append(1, 0, 5);
    simulation.log.append(2, 0, 5);
    const { publisher } = simulation.startPublisher();
    await simulation.catchUp(1, 2);
    expect(publisher.status().refusedTopics).toMatchObject([{ topicId: 2 }]);
    expect(publisher.status().refusedTopics[0]!.detail).toContain('payments exists on the cluster with 5');
    expect(simulation.cluster.partition('payments', 0)!.log.end).toBe(0);
    simulation.log.growTopic(1, 4);
    simulation.log.append(1, 3, 5);
    await simulation.catchUp(1, 4);
    expect(differences(simulation, 1, 'orders', 3)).toEqual([]);
  });

  test('a throttled broker gets nothing for as long as it asks', async () => {
    const simulation = orders(6);
    simulation.cluster.createTopic('orders', 1);
    simulation.cluster.throttleMs = 1_000;
    simulation.log.append(1, 0, 7 * 5 * 10);
    simulation.startPublisher();
    const before = simulation.time.now();
    await simulation.catchUp(1, 1);
    // Batches of 7: one alone, then five at a time.
    expect(simulation.time.now() - before).toBeGreaterThan(9_000);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
  });
});

describe('a cluster that cannot do what exact mode needs', () => {
  test('is published to at least once, in order', async () => {
    const simulation = orders(7);
    simulation.cluster.createTopic('orders', 1);
    simulation.cluster.abilities.delete(61);
    const { publisher, network } = simulation.startPublisher();
    network.faults = { ...network.faults, loseRequest: 0.1, loseAnswer: 0.2 };
    simulation.log.append(1, 0, 200);
    await simulation.catchUp(1, 1);
    expect(publisher.status()).toMatchObject({ mode: 'at-least-once' });
    expect(publisher.status().modeReason).toContain('DescribeProducers');
    const { records } = simulation.log.partition(1, 0);
    const sent = simulation.cluster.partition('orders', 0)!.log.entries.map(({ messageId }) => messageId);
    expect(sent.length).toBeGreaterThan(200);
    // In order, but for steps back to where an answer was lost.
    const firsts = [...new Set(sent)];
    expect(firsts).toEqual(records.map(({ messageId }) => messageId));
  });

  test('gets nothing where exact mode is demanded', async () => {
    const simulation = orders(8);
    simulation.cluster.createTopic('orders', 1);
    simulation.cluster.abilities.delete(61);
    simulation.log.append(1, 0, 5);
    const { publisher } = simulation.startPublisher({ mode: 'exact' });
    await simulation.time.run(10_000);
    expect(publisher.status()).toMatchObject({ state: 'standby' });
    expect(publisher.status().trouble).toContain('DescribeProducers');
    expect(simulation.cluster.partition('orders', 0)!.log.end).toBe(0);
  });
});
