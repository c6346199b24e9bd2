import { describe, expect, test } from '@jest/globals';
import { differences } from './fake/check-content.ts';
import { Simulation } from './fake/simulation.ts';

describe('a broker in trouble', () => {
  /** Partition 0 is led by broker 1, partition 1 by broker 2. */
  async function twoBrokers(seed: number): Promise<Simulation> {
    const simulation = new Simulation(seed);
    simulation.log.addTopic('orders', 2);
    simulation.cluster.createTopic('orders', 2);
    simulation.log.append(1, 0, 5);
    simulation.log.append(1, 1, 5);
    simulation.startPublisher({ bufferBytes: 300_000, laneBufferBytes: 200_000, readBytes: 50_000 });
    await simulation.catchUp(1, 2);
    return simulation;
  }

  test('that answers nothing keeps the partitions of others neither waiting nor without memory', async () => {
    const simulation = await twoBrokers(1);
    const { publisher, network } = simulation.publishers[0]!;
    network.silent.add(1);
    simulation.log.append(1, 0, 3_000, { bytes: 1_000 });
    simulation.log.append(1, 1, 3_000, { bytes: 1_000 });
    const before = simulation.time.now();
    let most = 0;
    await simulation.time.run(60_000, () => {
      most = Math.max(most, ...publisher.status().lanes.map(({ bufferedBytes }) => bufferedBytes));
      return simulation.store.row(1, 1)!.ackedOffset === 3_005n;
    });
    expect(simulation.store.row(1, 1)!.ackedOffset).toBe(3_005n);
    expect(simulation.time.now() - before).toBeLessThan(4_000);
    expect(most).toBeLessThan(200_000 + 50_000 + 7 * 2_000);
    network.silent.clear();
    await simulation.catchUp(1, 2);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
    expect(differences(simulation, 1, 'orders', 1)).toEqual([]);
  });

  test('holds no stop beyond its deadline', async () => {
    const simulation = await twoBrokers(2);
    const { publisher, network } = simulation.publishers[0]!;
    network.silent.add(1);
    simulation.log.append(1, 0, 10);
    await simulation.time.run(50);
    const before = simulation.time.now();
    await expect(simulation.time.until(publisher.stop(500), 10_000)).rejects.toMatchObject({
      code: 'STOP_DEADLINE_EXCEEDED',
    });
    expect(simulation.time.now() - before).toBeLessThan(2_500);
  });
});

test('a publisher stops at once while its cluster does not answer', async () => {
  const simulation = new Simulation(3);
  const { publisher, network } = simulation.startPublisher();
  network.answersNothing = true;
  await simulation.time.run(500);
  const before = simulation.time.now();
  await simulation.time.until(publisher.stop(5_000), 10_000);
  expect(simulation.time.now() - before).toBeLessThan(50);
  // The lease was given back.
  const other = simulation.startPublisher();
  await simulation.time.run(200, () => other.publisher.leading);
  expect(other.publisher.leading).toBe(true);
});
