import { describe, expect, test } from '@jest/globals';
import type { ClusterStore } from '#libs/stores/log';
import { differences } from './fake/check-content.ts';
import { Simulation } from './fake/simulation.ts';

function orders(seed: number): Simulation {
  const simulation = new Simulation(seed);
  simulation.log.addTopic('orders', 1);
  simulation.cluster.createTopic('orders', 1);
  return simulation;
}

/** A publisher whose requests are held back on their way, killed once so many of them are under way. */
async function killedWithRequests(simulation: Simulation, count: number): Promise<(() => void)[]> {
  const held: (() => void)[] = [];
  const first = simulation.startPublisher();
  first.network.hold = (deliver) => held.push(deliver);
  await simulation.time.run(30_000, () => held.length >= count);
  expect(held).toHaveLength(count);
  first.process.kill();
  return held;
}

describe('handing a cluster over', () => {
  test('finds out what a killed publisher had sent, although nobody got the answers', async () => {
    const simulation = orders(1);
    const first = simulation.startPublisher();
    simulation.log.append(1, 0, 10);
    await simulation.catchUp(1, 1);
    first.network.faults = { ...first.network.faults, loseAnswer: 1 };
    simulation.log.append(1, 0, 30);
    await simulation.time.run(1_000, () => simulation.cluster.partition('orders', 0)!.log.end === 40);
    first.process.kill();
    simulation.startPublisher();
    await simulation.catchUp(1, 1);
    expect(simulation.events.join('\n')).toContain('located orders/0 "answers-lost" "40n"');
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
    expect(simulation.cluster.partition('orders', 0)!.log.end).toBe(40);
  });

  test('refuses what a publisher sent before it was paused and replaced, however late it arrives', async () => {
    const simulation = orders(2);
    const first = simulation.startPublisher();
    simulation.log.append(1, 0, 10);
    await simulation.catchUp(1, 1);
    const held: (() => void)[] = [];
    first.network.hold = (deliver) => held.push(deliver);
    simulation.log.append(1, 0, 30);
    await simulation.time.run(1_000, () => held.length >= 2);
    first.process.pause();
    simulation.startPublisher();
    await simulation.catchUp(1, 1);
    simulation.log.append(1, 0, 30);
    await simulation.catchUp(1, 1);
    for (const deliver of held) deliver();
    first.process.resume();
    await simulation.time.run(60_000);
    await simulation.catchUp(1, 1);
    expect(held.length).toBeGreaterThan(1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
  });

  test('a publisher that ignores its lease wastes work and harms nothing: sequences fence it', async () => {
    const simulation = orders(3);
    simulation.log.append(1, 0, 10);
    const first = simulation.startPublisher({ leaseMarginMs: -1e9, flushMs: 1e8, leaseMs: 3_000 });
    await simulation.time.run(2_000);
    first.process.pause();
    simulation.startPublisher();
    simulation.log.append(1, 0, 50);
    await simulation.catchUp(1, 1);
    first.process.resume();
    for (let round = 0; round < 10; round += 1) {
      simulation.log.append(1, 0, 20);
      await simulation.time.run(500);
    }
    await simulation.catchUp(1, 1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
  });

  // The first batch of a partition: the broker does not know the producer, and takes whatever comes first.
  test('waits out the first batch of a killed publisher before it sends its own', async () => {
    const simulation = orders(4);
    simulation.log.append(1, 0, 10);
    const [deliver] = await killedWithRequests(simulation, 1);
    simulation.startPublisher();
    await simulation.time.run(20_000, () => simulation.events.some((event) => event.includes('quarantined')));
    simulation.time.after(1_500, deliver!);
    await simulation.catchUp(1, 1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
  });

  test('without that wait, records are doubled when the broker forgets the producer in between', async () => {
    const story = async (requestTimeoutMs: number): Promise<string[]> => {
      const simulation = orders(5);
      simulation.log.append(1, 0, 5, { ageMs: 30 * 3_600_000 });
      const [deliver] = await killedWithRequests(simulation, 1);
      const second = simulation.startPublisher({ requestTimeoutMs });
      // The old batch arrives behind the question where the end is, and its producer is forgotten at once by its old time.
      let asked = false;
      second.network.hold = (send) => {
        if (!asked) {
          deliver!();
          simulation.time.after(0.1, () => simulation.cluster.partition('orders', 0)!.expire());
        }
        asked = true;
        simulation.time.after(1, send);
      };
      await simulation.time.run(1_900 + 3_000);
      if (!asked) {
        deliver!();
        simulation.time.after(10, () => simulation.cluster.partition('orders', 0)!.expire());
      }
      await simulation.time.run(60_000, () => simulation.caughtUp(1, 1));
      return differences(simulation, 1, 'orders', 0);
    };
    expect((await story(1)).join()).toContain('and again at');
    expect(await story(5_000)).toEqual([]);
  });

  test('without the stored producer id, records are doubled by a late request', async () => {
    const story = async (store: (simulation: Simulation) => ClusterStore): Promise<string[]> => {
      const simulation = orders(6);
      const first = simulation.startPublisher({}, store(simulation));
      simulation.log.append(1, 0, 10);
      await simulation.catchUp(1, 1);
      const held: (() => void)[] = [];
      first.network.hold = (deliver) => held.push(deliver);
      simulation.log.append(1, 0, 5);
      await simulation.time.run(1_000, () => held.length === 1);
      first.process.kill();
      simulation.startPublisher({}, store(simulation));
      await simulation.catchUp(1, 1);
      held[0]!();
      await simulation.time.run(1_000);
      return differences(simulation, 1, 'orders', 0);
    };
    const forgetful = ({ store }: Simulation): ClusterStore =>
      new Proxy(store, {
        get: (target, name) => {
          if (name !== 'acquire') return Reflect.get(target, name).bind(target);
          return async (...args: Parameters<ClusterStore['acquire']>) => {
            const lease = await target.acquire(...args);
            return lease && { ...lease, identity: { ...lease.identity, producer: null } };
          };
        },
      });
    expect((await story(forgetful)).join()).toContain('and again at');
    expect(await story(({ store }) => store)).toEqual([]);
  });

  test('gives the lease back when it stops, with everything written down', async () => {
    const simulation = orders(7);
    const first = simulation.startPublisher({ flushMs: 1_000 });
    simulation.log.append(1, 0, 100);
    await simulation.time.run(10_000, () => simulation.cluster.partition('orders', 0)!.log.end > 40);
    await simulation.time.until(first.publisher.stop(5_000), 10_000);
    const end = BigInt(simulation.cluster.partition('orders', 0)!.log.end);
    expect(simulation.store.row(1, 0)!.ackedOffset).toBe(end);
    const before = simulation.time.now();
    const second = simulation.startPublisher();
    await simulation.time.run(5_000, () => second.publisher.leading);
    expect(simulation.time.now() - before).toBeLessThan(100);
    await simulation.catchUp(1, 1);
    expect(differences(simulation, 1, 'orders', 0)).toEqual([]);
  });
});
