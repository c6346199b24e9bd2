import { describe, expect, test } from '@jest/globals';
import { GENEROUS } from './fake/fake-cluster.ts';
import { Simulation } from './fake/simulation.ts';

/** A cluster that takes no first sequence but 0, and a log whose first records are gone: the first to send has sequence 30. */
function pruned(seed: number): Simulation {
  const simulation = new Simulation(seed);
  simulation.cluster.settings = { ...GENEROUS, anyFirstSequence: false };
  simulation.log.addTopic('orders', 1);
  simulation.log.append(1, 0, 80);
  simulation.log.prune(1, 0, 30);
  return simulation;
}

const sent = ({ cluster }: Simulation, topic = 'orders'): unknown[] =>
  cluster.partition(topic, 0)!.log.entries.map(({ messageId }) => messageId);
const expected = ({ log }: Simulation, from: number): unknown[] =>
  log
    .partition(1, 0)
    .records.slice(from)
    .map(({ messageId }) => messageId);
const told = ({ events }: Simulation, name: string): string[] => events.filter((event) => event.includes(` ${name} `));

describe('a cluster that takes no first sequence but 0 from a producer that it does not know', () => {
  test('is published to at least once where the mode is auto, and stays so', async () => {
    const simulation = pruned(1);
    const first = simulation.startPublisher();
    await simulation.catchUp(1, 1);
    expect(sent(simulation)).toEqual(expected(simulation, 30));
    expect(first.publisher.status()).toMatchObject({
      mode: 'at-least-once',
      modeReason: expect.stringMatching(/no first sequence but 0 .*OUT_OF_ORDER_SEQUENCE_NUMBER for orders\/0/),
    });
    expect(told(simulation, 'fellBack')).toHaveLength(1);
    expect(first.publisher.status().lanes[0]).toMatchObject({ phase: 'open', trouble: null });
    await simulation.time.until(first.publisher.stop(5_000), 10_000);
    const { modeReason } = simulation.store.identity;
    const second = simulation.startPublisher();
    simulation.log.append(1, 0, 10);
    await simulation.catchUp(1, 1);
    expect(second.publisher.status()).toMatchObject({ mode: 'at-least-once', modeReason });
    expect(told(simulation, 'fellBack')).toHaveLength(1);
  });

  test('gets nothing where exact mode is demanded; the partition says what to do', async () => {
    const simulation = pruned(2);
    const { publisher } = simulation.startPublisher({ mode: 'exact' });
    await simulation.time.run(120_000);
    expect(publisher.status()).toMatchObject({ mode: 'exact', lanes: [{ phase: 'blocked' }] });
    expect(publisher.status().lanes[0]!.trouble).toContain('let mode be auto, or at-least-once');
    expect([sent(simulation), told(simulation, 'fellBack')]).toEqual([[], []]);
  });

  test('is published to exactly as long as it knows the producer, or the first sequence is 0', async () => {
    const simulation = pruned(3);
    simulation.log.addTopic('whole', 1);
    simulation.log.append(2, 0, 50);
    const { publisher } = simulation.startPublisher({ mode: 'exact' });
    await simulation.time.run(60_000, () => simulation.store.row(2, 0)?.ackedOffset === 50n);
    expect(simulation.store.row(2, 0)!.ackedOffset).toBe(50n);
    expect(publisher.status().mode).toBe('exact');
  });

  test.each([
    ['is not published over what stopped: first a person has to decide about that', false],
    ['stays exact when its brokers were replaced before a person has decided', true],
  ])('%s', async (_, replaced) => {
    const simulation = pruned(4);
    simulation.log.addTopic('theirs', 1);
    simulation.log.append(2, 0, 5);
    simulation.cluster.createTopic('orders', 1);
    simulation.cluster.createTopic('theirs', 1);
    simulation.cluster.appendForeign('theirs', 0, 3);
    const { publisher } = simulation.startPublisher({ existingRecords: 'refuse' });
    await simulation.time.run(120_000);
    expect(publisher.status().mode).toBe('exact');
    expect(publisher.status().lanes[0]!.trouble).toContain('let mode be auto, or at-least-once');
    expect(sent(simulation, 'theirs')).toEqual([null, null, null]);
    if (replaced) {
      simulation.cluster.partition('orders', 0)!.settings = GENEROUS;
      await simulation.catchUp(1, 1);
    }
    simulation.store.requests.push({ topicId: 2, partition: 0, action: 'accept', fromOffset: 0n });
    await simulation.catchUp(1, 1);
    await simulation.time.run(60_000, () => simulation.store.row(2, 0)?.ackedOffset === 5n);
    expect(publisher.status().mode).toBe(replaced ? 'exact' : 'at-least-once');
    expect(sent(simulation)).toEqual(expected(simulation, 30));
    expect(sent(simulation, 'theirs')).toHaveLength(8);
  });
});
