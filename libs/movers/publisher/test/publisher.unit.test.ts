import { describe, expect, test } from '@jest/globals';
import { differences } from './fake/check-content.ts';
import { NO_FAULTS } from './fake/fake-network.ts';
import { Simulation } from './fake/simulation.ts';

describe('Publisher', () => {
  test('publishes what the log has, creates the topic, and goes on with what comes', async () => {
    const simulation = new Simulation(1);
    simulation.log.addTopic('orders', 2);
    simulation.log.append(1, 0, 30);
    simulation.log.append(1, 1, 5);
    const { publisher } = simulation.startPublisher();
    await simulation.catchUp(1, 2);
    simulation.log.append(1, 0, 100);
    await simulation.catchUp(1, 2);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
    expect(differences(simulation, 1, 'orders', 1)).toEqual([]);
    expect(publisher.status().lanes.map(({ phase, delta }) => ({ phase, delta }))).toEqual([
      { phase: 'open', delta: 0n },
      { phase: 'open', delta: 0n },
    ]);
    await simulation.time.until(publisher.stop(5_000), 10_000);
    expect(publisher.status().state).toBe('stopped');
  });

  test('goes on within seconds when a broker comes back, however long it was away', async () => {
    const simulation = new Simulation(2);
    simulation.log.addTopic('orders', 3);
    for (const partition of [0, 1, 2]) simulation.log.append(1, partition, 10);
    const { network } = simulation.startPublisher();
    await simulation.catchUp(1, 3);
    network.faults = { ...NO_FAULTS, loseRequest: 1, failCall: 1 };
    for (const partition of [0, 1, 2]) simulation.log.append(1, partition, 10);
    await simulation.time.run(120_000);
    network.faults = NO_FAULTS;
    await simulation.catchUp(1, 3, 8_000);
    for (const partition of [0, 1, 2]) expect(differences(simulation, 1, 'orders', partition)).toEqual([]);
  });
});
