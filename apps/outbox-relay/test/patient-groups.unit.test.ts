import { expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { patientGroups } from '../src/clusters/patient-groups.ts';

/** Time that passes only where somebody sleeps; the calls fail with `error` until `back`. */
function world(error: TidemarkError, back: number) {
  let time = 0;
  let calls = 0;
  const answering = async <T>(answer: T): Promise<T> => {
    calls += 1;
    if (time < back) throw error;
    return answer;
  };
  const client = {
    groupOffsets: () => answering([]),
    groupMembers: () => answering(3),
    commitGroupOffsets: () => answering([]),
  };
  const sleep = (ms: number): Promise<void> => {
    time += ms;
    return Promise.resolve();
  };
  const abort = new AbortController();
  const groups = patientGroups(client, { signal: abort.signal, sleep, now: () => time, random: () => 0.5 });
  return { groups, abort, calls: () => calls, time: () => time };
}

const AWAY = new TidemarkError('KAFKA_UNREACHABLE', 'the coordinator is not available');

test('waits for a coordinator that comes within ten seconds', async () => {
  const { groups, time } = world(AWAY, 9_000);
  expect(await groups.groupMembers('billing')).toBe(3);
  expect(time()).toBeGreaterThanOrEqual(9_000);
});

test('gives up after ten seconds in all, over several calls', async () => {
  const { groups, time } = world(AWAY, 60_000);
  await expect(groups.groupOffsets('billing')).rejects.toBe(AWAY);
  await expect(groups.commitGroupOffsets('billing', [])).rejects.toBe(AWAY);
  expect(time()).toBeLessThan(12_000);
});

test('does not ask again for what will not change, nor for a caller who has left', async () => {
  const refused = new TidemarkError('KAFKA_REFUSED', 'GROUP_AUTHORIZATION_FAILED');
  const never = world(refused, 60_000);
  await expect(never.groups.groupOffsets('billing')).rejects.toBe(refused);
  expect(never.calls()).toBe(1);
  const left = world(AWAY, 60_000);
  left.abort.abort();
  await expect(left.groups.groupOffsets('billing')).rejects.toThrow('aborted');
  expect(left.calls()).toBe(1);
});
