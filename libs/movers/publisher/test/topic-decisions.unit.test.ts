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
