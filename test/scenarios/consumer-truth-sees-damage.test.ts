import { expect, test } from '@jest/globals';
import { EFFECT_GROUPS } from './harness/consumer-setup.ts';
import { type ConsumerTruth, consumerViolations } from './harness/consumer-truth.ts';

// The comparison that the scenarios of consumers rest on: each kind of damage has to be seen by it.
const order = (n: number) => ({ messageId: `m${n}`, key: 'k', n, fails: 0, poison: null });
const done = EFFECT_GROUPS.flatMap(({ group }) => [1, 2].map((n) => ({ group, messageId: `m${n}` })));
const good: ConsumerTruth = {
  orders: [order(1), order(2)],
  effects: done,
  followUps: done,
  failures: [{ group: 'shipping', messageId: 'm1', state: 'resolved' }],
  deadLetters: [],
  left: 0,
};
const letter = { topic: 'orders.shipping.dlq', messageId: 'm2', key: 'k', payload: '{}', headers: {} };

test('sees nothing where all is well', () => {
  expect(consumerViolations(good, EFFECT_GROUPS)).toEqual([]);
});

test.each<[string, Partial<ConsumerTruth>]>([
  ['an effect that is missing', { effects: done.slice(1) }],
  ['an effect that is there twice', { effects: [...done, done[0]!] }],
  ['a follow-up that is there twice', { followUps: [...done, done[0]!] }],
  ['effects of a key in the wrong order', { effects: done.toReversed() }],
  ['a failure that is not settled', { failures: [{ group: 'shipping', messageId: 'm1', state: 'retrying' }] }],
  ['a dead letter of a good message', { deadLetters: [letter] }],
  ['poison without a dead letter', { orders: [order(1), { ...order(2), poison: 'fatal' }] }],
  ['what is left parked', { left: 1 }],
])('sees %s', (_what, damage) => {
  expect(consumerViolations({ ...good, ...damage }, EFFECT_GROUPS)).not.toEqual([]);
});
