import { expect, test } from '@jest/globals';
import { Activity } from '../src/activity.ts';
import { type Outstanding, settle } from '../src/settle.ts';
import { START, TestTime } from '../src/test-time.ts';

test('the clock stands still while something begins during the look at what is left', async () => {
  const time = new TestTime(START);
  const activity = new Activity();
  let looks = 0;
  void time.sleep(500);
  // A delivery begins while the first look is under way, and has ended at the second.
  const outstanding = async (): Promise<Outstanding> => {
    looks += 1;
    if (looks > 1) return 'nothing';
    await activity.during(() => undefined);
    return 'time';
  };
  await settle({ time, activity, outstanding, status: () => [], settleMs: 5_000 });
  expect([looks, time.now()]).toEqual([2, START.getTime()]);
});

test('the clock moves on to the next wait when nothing else is left', async () => {
  const time = new TestTime(START);
  const waited = time.sleep(500);
  let left: Outstanding = 'time';
  void waited.then(() => (left = 'nothing'));
  await settle({ time, activity: new Activity(), outstanding: async () => left, status: () => [], settleMs: 5_000 });
  expect(time.now() - START.getTime()).toBe(500);
});
