import { expect, test } from '@jest/globals';
import { dueBy, openLoop } from '../open-loop.ts';

test('the first start is due at once, the others at their fixed times', () => {
  expect([0, 0.9, 1, 2.5, 1000].map((ms) => dueBy(ms, 1_000))).toEqual([1, 1, 2, 3, 1001]);
});

test('work that does not end holds up no later start', async () => {
  const release: (() => void)[] = [];
  const scheduled: number[] = [];
  const loop = openLoop({ perSecond: 2_000, count: 20 }, (index, at) => {
    scheduled[index] = at;
    return new Promise((resolve) => {
      release.push(resolve);
      if (release.length === 20) for (const end of release) end();
    });
  });
  await loop;
  expect(scheduled.map((at) => Math.round((at - scheduled[0]!) * 10) / 10)).toEqual(
    Array.from({ length: 20 }, (_, index) => index / 2),
  );
});
