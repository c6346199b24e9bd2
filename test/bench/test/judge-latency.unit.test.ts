import { expect, test } from '@jest/globals';
import { judgeLatency } from '../outbox/judge-latency.ts';

/** 4,000 messages in 4 s, committed 2 ms after their time and readable some ms after that. */
function run(latencyMs: (index: number) => number, commitMs = (_index: number) => 2) {
  const scheduled = Float64Array.from({ length: 4_000 }, (_, i) => i);
  const committed = scheduled.map((time, i) => time + commitMs(i));
  const seen = committed.map((time, i) => time + latencyMs(i));
  return judgeLatency({ rate: 1_000, seconds: 4, writers: 1, payloadBytes: 1 }, { scheduled, committed, seen }, [1]);
}

test('latencies count from the commit, without the first quarter, and negative ones as 0', () => {
  const { finding, sustained } = run((index) => (index < 1_000 ? 500 : index % 2 === 0 ? 3 : -1));
  expect(finding).toMatchObject({ met: true, measured: 'p50 0.0 ms, p99 3.0 ms' });
  expect(sustained).toBe(true);
});

test('the target is missed by the median and by the tail', () => {
  expect(run(() => 5.1).finding.met).toBe(false);
  expect(run((index) => (index % 50 === 0 ? 21 : 1)).finding.met).toBe(false);
  expect(run((index) => (index % 200 === 0 ? 500 : 1)).finding.met).toBe(true);
});

test('a rate is not sustained when commits fall behind, or the reader does', () => {
  expect(
    run(
      () => 1,
      (index) => index / 2,
    ).sustained,
  ).toBe(false);
  expect(run((index) => index / 2).sustained).toBe(false);
});
