import { expect, test } from '@jest/globals';
import { createConsumer } from '#libs/sdk';

const URL = 'postgres://127.0.0.1:1/none';
const subscription = { topics: 'orders', handle: () => undefined };

test('a misspelt option of a subscription is refused by its name, and those that exist are shown', () => {
  const misspelt = { ...subscription, retryTeirs: [{ delayMs: 60_000 }] };
  expect(() => createConsumer({ database: URL, group: 'billing', subscriptions: [misspelt] })).toThrow(
    expect.objectContaining({
      code: 'CONSUMER_INVALID',
      message: 'subscription "orders" has unknown options: retryTeirs',
      remedy: expect.stringContaining('retryTiers'),
    }),
  );
});

test('so is one of the consumer', () => {
  const misspelt = { database: URL, group: 'billing', subscriptions: [subscription], redyLag: 5 };
  expect(() => createConsumer(misspelt)).toThrow(
    expect.objectContaining({
      code: 'CONSUMER_INVALID',
      message: 'the consumer has unknown options: redyLag',
      remedy: expect.stringContaining('readyLag'),
    }),
  );
});
