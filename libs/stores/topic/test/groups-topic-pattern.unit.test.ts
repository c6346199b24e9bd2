import { describe, expect, test } from '@jest/globals';
import { ManualTime, turns } from '../../../foundation/lifecycle/test/manual-time.ts';
import { PatternSubscription } from '../src/groups/pattern-subscription.ts';
import { matchTopics, type TopicPattern } from '../src/groups/topic-pattern.ts';

const TOPICS = [
  '_internal',
  '_schemas.retry',
  'orders',
  'orders.placed',
  'orders.placed.billing.dlq',
  'orders.placed.billing.retry',
  'orders.placed.billing.retry.2',
  'orders.placed.eu',
  'orders-paid',
  'payments.placed',
  'payments.placed.retry.x',
];

describe('a pattern of topics', () => {
  const cases: [TopicPattern, string[]][] = [
    ['orders', ['orders']],
    ['later', ['later']],
    ['orders.placed.billing.dlq', ['orders.placed.billing.dlq']],
    ['_internal', ['_internal']],
    ['*', ['orders', 'orders-paid']],
    ['orders.*', ['orders.placed']],
    ['orders.p*', ['orders.placed']],
    ['orders*', ['orders', 'orders-paid']],
    ['*.*.*', ['orders.placed.eu']],
    ['orders.**', ['orders.placed', 'orders.placed.eu']],
    ['**.placed', ['orders.placed', 'payments.placed']],
    ['**placed**', ['orders.placed', 'orders.placed.eu', 'payments.placed', 'payments.placed.retry.x']],
    ['orders.plac.*', []],
    ['*****.pl*d', ['orders.placed', 'payments.placed']],
    ['**.billing.dlq', ['orders.placed.billing.dlq']],
    [/^orders\.placed/, ['orders.placed', 'orders.placed.eu']],
    [/placed$/g, ['orders.placed', 'payments.placed']],
    [/ORDERS$/i, ['orders']],
    [/\.billing\.retry(\.\d+)?$/, ['orders.placed.billing.retry', 'orders.placed.billing.retry.2']],
    [/\.billing\.(dlq|retry)$/, ['orders.placed.billing.dlq', 'orders.placed.billing.retry']],
    [/^_/, ['_internal']],
    [/^(?:_|orders)[a-z]*$/, ['_internal', 'orders']],
  ];

  test.each(cases)('%s', (pattern, expected) => {
    expect(matchTopics([pattern], TOPICS)).toEqual([...expected].sort());
  });

  test('several name each topic once; characters of expressions stand for themselves in names', () => {
    expect(matchTopics([/placed$/g, '*.placed', 'orders.placed'], TOPICS)).toEqual([
      'orders.placed',
      'payments.placed',
    ]);
    expect(matchTopics(['a+b*', '[ab]*'], ['a+b', 'aab', '[ab]c', 'a'])).toEqual(['[ab]c', 'a+b']);
  });
});

describe('a subscription by patterns', () => {
  test('is told at first and when topics come and go; errors leave it as it was', async () => {
    const time = new ManualTime();
    const told: (readonly string[])[] = [];
    const errors: unknown[] = [];
    let existing: string[] | Error = ['orders.placed'];
    let refuse = false;
    const subscription = new PatternSubscription({
      patterns: ['orders.*', 'payments'],
      listTopics: async () => {
        if (existing instanceof Error) throw existing;
        return existing;
      },
      subscribe: (topics) => {
        if (refuse) throw new Error('too many');
        told.push(topics);
      },
      onError: (error) => errors.push((error as Error).message),
      clock: time,
      sleep: time.sleep,
    });
    await subscription.start();
    await turns();
    await time.advance(5_000);
    expect(told).toEqual([['orders.placed', 'payments']]);

    existing = new Error('no connection');
    await time.advance(5_000);
    existing = ['orders.paid', 'orders.placed'];
    refuse = true;
    await time.advance(5_000);
    expect(told).toHaveLength(1);
    refuse = false;
    await time.advance(5_000);
    existing = [];
    await time.advance(5_000);
    expect(told.slice(1)).toEqual([['orders.paid', 'orders.placed', 'payments'], ['payments']]);
    expect(errors).toEqual(['no connection', 'too many']);

    await subscription.stop({ deadlineMs: 1_000 });
    existing = ['orders.more'];
    await time.advance(60_000);
    expect(told).toHaveLength(3);
  });
});
