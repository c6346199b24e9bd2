import { expect, test } from '@jest/globals';
import { LogWatcher } from '../src/index.ts';

test('a wait ends with the new cursor, or with the old one when its time is over, fractions of a millisecond included', async () => {
  let cursor = 5n;
  const watcher = new LogWatcher(
    () => Promise.resolve(cursor),
    (error) => {
      throw error;
    },
  );
  await watcher.start();
  try {
    await expect(watcher.waitBeyond(5n, 20.5)).resolves.toBe(5n);
    const wait = watcher.waitBeyond(5n, 10_000);
    cursor = 6n;
    await expect(wait).resolves.toBe(6n);
  } finally {
    await watcher.stop(1_000);
  }
});

test('a wait ends at once when the cursor is told', async () => {
  const watcher = new LogWatcher(
    () => new Promise(() => undefined),
    (error) => {
      throw error;
    },
  );
  const wait = watcher.waitBeyond(5n, 10_000);
  expect(watcher.moved(6n)).toBe(true);
  await expect(wait).resolves.toBe(6n);
  expect(watcher.moved(6n)).toBe(false);
  await expect(watcher.waitBeyond(5n, 10_000)).resolves.toBe(6n);
});

test('a wait that was woken leaves no timer behind', async () => {
  const ended: boolean[] = [];
  const watcher = new LogWatcher(
    () => new Promise(() => undefined),
    (error) => {
      throw error;
    },
    (_ms, signal) =>
      new Promise((resolve) => {
        const index = ended.push(false) - 1;
        signal?.addEventListener('abort', () => {
          ended[index] = true;
          resolve();
        });
      }),
  );
  const waits = Array.from({ length: 100 }, () => watcher.waitBeyond(5n, 10_000));
  watcher.moved(6n);
  await Promise.all(waits);
  expect(ended).toEqual(Array.from({ length: 100 }, () => true));
});
