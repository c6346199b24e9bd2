import { expect, test } from '@jest/globals';
import { HandledCount } from '../consumer/handled-count.ts';

test('the first message starts the clock and is not counted; the last one ends it', async () => {
  const count = new HandledCount({ ms: 60_000, messages: 3 });
  for (let n = 0; n < 3; n += 1) count.handled();
  const run = await count.done;
  expect(run.units).toBe(2);
  expect(run.ms).toBeGreaterThanOrEqual(0);
  expect(run.ms).toBeLessThan(60_000);
});

test('the time ends it before the last message, and what comes later is not counted', async () => {
  const count = new HandledCount({ ms: 1, messages: 1_000 });
  for (let n = 0; n < 5; n += 1) count.handled();
  const run = await count.done;
  count.handled();
  expect(run.units).toBe(4);
});

test('a delivery that failed makes the measurement fail', async () => {
  const count = new HandledCount({ ms: 60_000, messages: 3 });
  count.failed(new Error('refused'));
  await expect(count.done).rejects.toThrow('refused');
});
