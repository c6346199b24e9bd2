import { afterEach, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { allObservers, type ConsumerObserver, consumerMetrics, type Delivery, FatalError } from '#libs/sdk';
import { type ConsumerHarness, memoryHarness, type MemoryTransaction } from '#libs/sdk/testing';

const OF = 'group="billing",subscription="orders"';

let harness: ConsumerHarness<MemoryTransaction>;
afterEach(() => harness.close());

async function started(registry: Registry, handle: (delivery: Delivery<MemoryTransaction, number>) => unknown) {
  harness = memoryHarness({ topics: ['orders'] });
  const subscriptions = [{ topics: 'orders', handle, attempts: 2, retryTiers: [{ delayMs: 60_000 }] }];
  const consumer = harness.createConsumer({ group: 'billing', subscriptions, observer: consumerMetrics(registry) });
  await consumer.start();
  return consumer;
}

async function valueOf(registry: Registry, series: string): Promise<number | undefined> {
  const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`tidemark_consumer_${series} `));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
}

test('a consumer that has just begun has all its series, at 0', async () => {
  const registry = new Registry();
  await started(registry, () => undefined);
  for (const outcome of ['handled', 'duplicate', 'parked', 'placeholder'])
    expect(await valueOf(registry, `messages_total{${OF},outcome="${outcome}"}`)).toBe(0);
  for (const to of ['retry', 'dlq']) expect(await valueOf(registry, `moved_on_total{${OF},to="${to}"}`)).toBe(0);
  for (const cause of ['message', 'trouble'])
    expect(await valueOf(registry, `failed_tries_total{${OF},cause="${cause}"}`)).toBe(0);
  for (const name of ['breaker_openings_total', 'batch_splits_total', 'breaker_state', 'paused', 'under_way'])
    expect({ name, value: await valueOf(registry, `${name}{${OF}}`) }).toEqual({ name, value: 0 });
  for (const name of ['skipped_records_total', 'failures_total'])
    expect({ name, value: await valueOf(registry, `${name}{group="billing"}`) }).toEqual({ name, value: 0 });
});

test('counts what becomes of messages: handled, tried again, sent to a retry topic and to the dlq', async () => {
  const registry = new Registry();
  await started(registry, ({ value }) => {
    if (value === 2) throw new FatalError('never');
    if (value === 3) throw new Error('not now');
  });
  for (const payload of [1, 2, 3]) await harness.emit('orders', { payload });
  await harness.settle();
  expect(await valueOf(registry, `messages_total{${OF},outcome="handled"}`)).toBe(1);
  expect(await valueOf(registry, `handling_seconds_count{${OF}}`)).toBe(1);
  expect(await valueOf(registry, `failed_tries_total{${OF},cause="message"}`)).toBe(3);
  expect(await valueOf(registry, `moved_on_total{${OF},to="dlq"}`)).toBe(1);
  expect(await valueOf(registry, `moved_on_total{${OF},to="retry"}`)).toBe(1);
});

test('shows lag, pauses and readiness at each scrape, and nothing of a consumer that has stopped', async () => {
  const registry = new Registry();
  const consumer = await started(registry, () => undefined);
  await harness.settle();
  await harness.advance(10_000);
  expect(await valueOf(registry, 'ready{group="billing"}')).toBe(1);
  expect(await valueOf(registry, `lag_records{${OF}}`)).toBe(0);
  consumer.pause('orders');
  for (const payload of [1, 2, 3]) await harness.emit('orders', { payload });
  await harness.advance(10_000);
  expect(await valueOf(registry, `lag_records{${OF}}`)).toBe(3);
  expect(await valueOf(registry, `paused{${OF}}`)).toBe(1);
  await harness.close();
  expect(await valueOf(registry, `paused{${OF}}`)).toBeUndefined();
  expect(await valueOf(registry, 'ready{group="billing"}')).toBeUndefined();
});

test('a message that waits in a retry topic is no lag', async () => {
  const registry = new Registry();
  await started(registry, () => {
    throw new Error('not now');
  });
  await harness.emit('orders', { payload: 1 });
  await harness.settle();
  await harness.advance(10_000);
  expect(await valueOf(registry, `moved_on_total{${OF},to="retry"}`)).toBe(1);
  expect(await valueOf(registry, `lag_records{${OF}}`)).toBe(0);
});

test('a topic that does not exist is told of, counted and in the status, until it does', async () => {
  harness = memoryHarness();
  const registry = new Registry();
  const told: string[] = [];
  const topicMissing = (...names: string[]): void => void told.push(names.join(' '));
  const consumer = harness.createConsumer({
    group: 'billing',
    subscriptions: [{ topics: 'orders', handle: () => undefined }],
    observer: allObservers({ topicMissing }, consumerMetrics(registry)),
  });
  await consumer.start();
  await harness.advance(20_000);
  expect(told).toEqual(['billing orders orders']);
  expect(consumer.status().subscriptions[0]!.missingTopics).toEqual(['orders']);
  expect(await valueOf(registry, `missing_topics{${OF}}`)).toBe(1);
  await harness.emit('orders', { payload: 1 });
  await harness.advance(20_000);
  expect(consumer.status().subscriptions[0]!.missingTopics).toEqual([]);
  expect(await valueOf(registry, `missing_topics{${OF}}`)).toBe(0);
});

test('consumers of one registry share its metrics; a registry that was cleared gets new ones', () => {
  harness = memoryHarness();
  const registry = new Registry();
  const first = consumerMetrics(registry);
  expect(consumerMetrics(registry)).toBe(first);
  expect(consumerMetrics(new Registry())).not.toBe(first);
  registry.clear();
  expect(consumerMetrics(registry)).not.toBe(first);
});

test('several observers are told the same, in their order', () => {
  harness = memoryHarness();
  const told: unknown[] = [];
  const observer = (name: string): ConsumerObserver => ({ paused: (subscription) => told.push([name, subscription]) });
  const all = allObservers(observer('log'), {}, observer('metrics'));
  all.paused!('orders');
  all.resumed!('orders');
  expect(told).toEqual([
    ['log', 'orders'],
    ['metrics', 'orders'],
  ]);
});
