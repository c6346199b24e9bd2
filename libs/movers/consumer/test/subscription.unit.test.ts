import { describe, expect, test } from '@jest/globals';
import { sideTopics } from '../src/subscription/side-topics.ts';
import type { Subscription } from '../src/subscription/subscription.ts';
import { subscriptionSettings } from '../src/subscription/subscription-settings.ts';
import { sideTopicsOf, topicRoutes } from '../src/subscription/topic-routes.ts';

function subscription(given: Partial<Subscription<never>> = {}): Subscription<never> {
  const handler = { kind: 'each', handle: () => undefined } as const;
  return { name: 'invoices', group: 'billing', topics: ['orders'], handler, ...given };
}

function routed(name: string, topics: readonly (string | RegExp)[], tiers = 0) {
  return { name, group: 'billing', topics, retryTiers: Array.from({ length: tiers }, () => ({ delayMs: 1 })) };
}

describe('names of retry topics and dlqs', () => {
  test('say topic and group', () => {
    expect(sideTopics('orders.placed', 'billing', 3)).toEqual({
      retry: ['orders.placed.billing.retry', 'orders.placed.billing.retry.2', 'orders.placed.billing.retry.3'],
      dlq: 'orders.placed.billing.dlq',
    });
    expect(sideTopics('orders', 'billing', 0).retry).toEqual(['orders.billing.retry']);
  });

  test('stay legal, short enough and apart, whatever the group is called', () => {
    const groups = ['a b', 'a_b', 'a/b', 'Ü', 'x'.repeat(300), 'x'.repeat(301), 'billing'];
    for (const topic of ['orders', 't'.repeat(249)]) {
      const names = groups.flatMap((group) => {
        const { retry, dlq } = sideTopics(topic, group, 9);
        return [...retry, dlq];
      });
      for (const name of names) {
        expect(name).toMatch(/^[a-zA-Z0-9._-]{1,249}$/);
        expect(name).toMatch(/\.(retry|retry\.[2-9]|dlq)$/);
      }
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test.each(['', '.', '..', 'a b', 'x'.repeat(250)])('a topic called %p is refused', (topic) => {
    expect(() => sideTopics(topic, 'billing', 1)).toThrow('cannot be the name of a topic');
  });
});

describe('routes', () => {
  test('names come before patterns, patterns in their order, and each topic has one subscription', () => {
    const existing = [
      'orders.placed',
      'orders.paid',
      'orders.eu.placed',
      'stock',
      'orders.placed.billing.retry',
      'x.billing.dlq',
    ];
    const routes = topicRoutes(
      [routed('glob', ['orders.*']), routed('all', ['**', /st.ck/i]), routed('named', ['stock', 'later'])],
      existing,
    );
    const main = [...routes]
      .filter(([, { tier }]) => tier === 0)
      .map(([topic, route]) => [topic, route.subscription.name]);
    expect(Object.fromEntries(main)).toEqual({
      stock: 'named',
      later: 'named',
      'orders.placed': 'glob',
      'orders.paid': 'glob',
      'orders.eu.placed': 'all',
    });
    expect(routes.get('orders.placed.billing.retry')).toMatchObject({ source: 'orders.placed', tier: 1 });
  });

  test('a pattern that says retry selects those of other groups; its own stay retry topics', () => {
    const existing = ['orders', 'orders.billing.retry', 'orders.shipping.retry'];
    const routes = topicRoutes([routed('one', ['orders', /retry$/])], existing);
    expect([...routes].map(([topic, { tier }]) => [topic, tier])).toEqual([
      ['orders', 0],
      ['orders.billing.retry', 1],
      ['orders.shipping.retry', 0],
      ['orders.shipping.retry.billing.retry', 1],
    ]);
  });

  test('every source has its retry topics and its dlq', () => {
    expect(sideTopicsOf(topicRoutes([routed('one', ['orders'], 2)], []))).toEqual([
      { topic: 'orders.billing.retry', source: 'orders' },
      { topic: 'orders.billing.retry.2', source: 'orders' },
      { topic: 'orders.billing.dlq', source: 'orders' },
    ]);
  });

  test('two subscriptions of a group cannot name one topic', () => {
    expect(() => topicRoutes([routed('one', ['orders']), routed('two', ['orders'])], [])).toThrow(
      'subscriptions one and two of group billing both name topic orders',
    );
  });
});

describe('options', () => {
  test('have defaults, and undefined is one', () => {
    expect(
      subscriptionSettings(subscription({ options: { concurrency: undefined as never, attempts: 7 } })),
    ).toMatchObject({
      concurrency: 1,
      attempts: 7,
      inbox: true,
      timeoutMs: 60_000,
      blockMs: 5_000,
      afterDeadLetter: 'continue',
      headers: 'tidemark',
      retryTiers: [],
      breaker: { window: 50, minimum: 20 },
      batch: null,
    });
  });

  test.each([
    ['the name must have 1 to 256 bytes', { name: '' }],
    ['group must have 1 to 249 characters', { group: 'g'.repeat(250) }],
    ['topics is empty', { topics: [] }],
    ['is no topic and no pattern', { topics: ['a/b'] }],
    ['concurrency must be a whole number from 1 on, not 0', { options: { concurrency: 0 } }],
    ['attempts must be a whole number from 1 on, not 1.5', { options: { attempts: 1.5 } }],
    ['timeoutMs must be a whole number', { options: { timeoutMs: Number.NaN } }],
    ['blockMs must be 0 or more', { options: { blockMs: -1 } }],
    ['a delayMs of retryTiers', { options: { retryTiers: [{ delayMs: -1 }] } }],
    ['more than 9 retryTiers', { options: { retryTiers: Array.from({ length: 10 }, () => ({ delayMs: 1 })) } }],
    ['backoff.minMs is above', { options: { backoff: { minMs: 10, maxMs: 1 } } }],
    ['breaker.minimum is above breaker.window', { options: { breaker: { window: 5 } } }],
    ['breaker.failureRate must be', { options: { breaker: { failureRate: 1 } } }],
    ['breaker.openMs is above', { options: { breaker: { openMaxMs: 1 } } }],
    [
      'handler.maxRecords is above bufferRecords',
      { handler: { kind: 'batch', handle: () => undefined, maxRecords: 5_000 } },
    ],
  ] as const)('%s', (what, given) => {
    expect(() => subscriptionSettings(subscription(given as Partial<Subscription<never>>))).toThrow(what);
  });
});
