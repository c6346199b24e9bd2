import { expect, test } from '@jest/globals';
import { EVERYWHERE, Simulation } from './fake/simulation.ts';

const literally = (text: string) => ({ text, alternatives: [text] });

test('what becomes of each topic is noted: retention waits for topics of which nothing is known', async () => {
  const simulation = new Simulation(1);
  simulation.rules = { ...EVERYWHERE, exclude: [literally('private')] };
  for (const name of ['orders', 'private', 'orders.v1', 'orders_v1']) simulation.log.addTopic(name, 1);
  simulation.log.append(1, 0, 3);
  const { publisher } = simulation.startPublisher();
  await simulation.catchUp(1, 1);
  const stored = await simulation.time.until(simulation.store.topics(), 10_000);
  const noted = stored.map(({ topicId, state }) => [topicId, state]);
  expect(Object.fromEntries(noted)).toEqual({ 1: 'publishing', 2: 'not routed', 3: 'publishing', 4: 'refused' });
  await simulation.time.until(publisher.stop(5_000), 10_000);
});

test('topics that are left out at the first contact are noted in one write', async () => {
  const simulation = new Simulation(2);
  simulation.rules = { ...EVERYWHERE, exclude: [{ text: 'private*', alternatives: ['private*'] }] };
  simulation.log.addTopic('orders', 1);
  for (let index = 0; index < 20; index += 1) simulation.log.addTopic(`private.${index}`, 1);
  const { store } = simulation;
  const writes: number[] = [];
  const counting = new Proxy(store, {
    get: (target, name) => {
      if (name !== 'saveTopics') return Reflect.get(target, name).bind(target) as unknown;
      return (...args: Parameters<typeof store.saveTopics>) => {
        writes.push(args[1].length);
        return target.saveTopics(...args);
      };
    },
  });
  simulation.log.append(1, 0, 3);
  const { publisher } = simulation.startPublisher({}, counting);
  await simulation.catchUp(1, 1);
  expect(writes).toEqual([20, 1]);
  await simulation.time.until(publisher.stop(5_000), 10_000);
});

test('a topic that was refused for a while is noted as published again', async () => {
  const simulation = new Simulation(3);
  simulation.log.addTopic('orders', 1);
  simulation.cluster.createTopic('orders', 1);
  simulation.log.append(1, 0, 3);
  const { publisher } = simulation.startPublisher({ createTopics: false });
  await simulation.catchUp(1, 1);
  const stateOf = async (): Promise<unknown> =>
    (await simulation.time.until(simulation.store.topics(), 10_000)).map(({ state }) => state);
  simulation.cluster.topics.delete('orders');
  await simulation.time.run(60_000);
  expect(await stateOf()).toEqual(['refused']);
  simulation.cluster.createTopic('orders', 1);
  await simulation.time.run(60_000);
  expect(await stateOf()).toEqual(['publishing']);
  expect(publisher.status().refusedTopics).toEqual([]);
  await simulation.time.until(publisher.stop(5_000), 10_000);
});
