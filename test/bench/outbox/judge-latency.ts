import type { Finding } from '../finding.ts';
import { percentile } from '../statistics.ts';

/** The rate that has a target, messages per second. */
export const JUDGED_RATE = 1_000;
const P50_MAX_MS = 5;
const P99_MAX_MS = 20;
/** A rate is sustained when this share was committed within its time, and the last message was readable so soon after it. */
const SUSTAINED_SHARE = 0.98;
const SUSTAINED_LAG_MS = 1_000;

/** Of each message, by index, on the clock of performance.now(). */
export interface MessageTimes {
  readonly scheduled: Float64Array;
  readonly committed: Float64Array;
  readonly seen: Float64Array;
}

export interface LoadConditions {
  readonly rate: number;
  readonly seconds: number;
  readonly writers: number;
  readonly payloadBytes: number;
}

/**
 * Latencies of a run, and whether its rate was sustained. Commit to readable is from the commit's answer; a record that the
 * reader has before the writer has its answer counts as 0. The first quarter is left out: caches, compiler and polls
 * warm up.
 */
export function judgeLatency(
  load: LoadConditions,
  times: MessageTimes,
  roundTrips: readonly number[],
): { finding: Finding; sustained: boolean } {
  const { rate } = load;
  const count = times.seen.length;
  const counted = Array.from({ length: count - (count >> 2) }, (_, i) => i + (count >> 2));
  const readable = counted.map((i) => Math.max(0, times.seen[i]! - times.committed[i]!));
  const commits = counted.map((i) => times.committed[i]! - times.scheduled[i]!);
  const [p50, p99] = [percentile(readable, 0.5), percentile(readable, 0.99)];

  const endsAt = times.scheduled[0]! + load.seconds * 1000;
  const committedInTime = times.committed.filter((time) => time <= endsAt).length / count;
  const lagMs = times.seen.reduce((last, time) => Math.max(last, time), 0) - endsAt;
  const sustained = committedInTime >= SUSTAINED_SHARE && lagMs <= SUSTAINED_LAG_MS;
  const judged = rate === JUDGED_RATE;
  return {
    sustained,
    finding: {
      row: judged ? '6' : '6b',
      what: `commit to readable, ${rate.toLocaleString('en')} messages/s${sustained ? '' : ' (NOT SUSTAINED)'}`,
      measured: quantiles(readable),
      floor: `round trip ${quantiles(roundTrips)}; schedule to commit ${quantiles(commits)}`,
      target: judged ? `p50 <= ${P50_MAX_MS} ms, p99 <= ${P99_MAX_MS} ms` : '',
      ...(judged ? { met: p50 <= P50_MAX_MS && p99 <= P99_MAX_MS } : {}),
      details: { ...load, p50, p99, max: percentile(readable, 1), committedInTime, lagMs, sustained },
    },
  };
}

function quantiles(values: readonly number[]): string {
  return `p50 ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms`;
}
