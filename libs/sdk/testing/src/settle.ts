import { systemSleep } from '#libs/foundation/lifecycle';
import type { ConsumerStatus } from '#libs/movers/consumer';
import type { Activity } from './activity.ts';
import type { TestTime } from './test-time.ts';

/** What is left to do: `time` when it waits for the clock, `work` when it will go on by itself. */
export type Outstanding = 'nothing' | 'time' | 'work';

export interface SettleParts {
  readonly time: TestTime;
  readonly activity: Activity;
  readonly outstanding: () => Promise<Outstanding>;
  readonly status: () => readonly ConsumerStatus[];
  /** Real time that settling may take, ms. */
  readonly settleMs: number;
}

/** Of one advance. */
const STEPS_MAX = 200;
/** A handler for which so long nothing happens is taken for one that hangs, real ms. */
const HANGS_MS = 1_000;
/** Between two looks at work that goes on by itself, real ms. */
const LOOK_MS = 2;

/** Lets things happen until nothing is left to do but what waits in a retry topic. See ConsumerHarness.settle. */
export async function settle(parts: SettleParts): Promise<void> {
  const { time, activity, settleMs } = parts;
  const until = performance.now() + settleMs;
  for (;;) {
    const quiet = await activity.quiet(Math.max(1, until - performance.now()));
    const seen = activity.changes;
    const left = await parts.outstanding();
    // What was found may be old when something has begun meanwhile: a clock that moves then makes retries come due too early.
    const isCurrent = seen === activity.changes;
    if (quiet && isCurrent && left === 'nothing') return;
    if (performance.now() > until) throw new Error(unsettled(parts, quiet));
    if (!isCurrent) continue;
    const next = time.nextWait;
    if (left === 'time' && next !== null) time.moveTo(next);
    else await systemSleep(LOOK_MS);
  }
}

/**
 * Moves the clock wait by wait, so that everything happens at its time; over long times in strides, because something waits for
 * nearly every second. What a stride passes happens late by it at most, and in order.
 */
export async function advance(parts: SettleParts, ms: number): Promise<void> {
  const { time, activity } = parts;
  const target = time.now() + ms;
  const stride = ms / STEPS_MAX;
  for (let next = time.nextWait; next !== null && next <= target; next = time.nextWait) {
    time.moveTo(Math.min(target, Math.max(next, time.now() + stride)));
    // A handler that hangs is what the clock is moved for, perhaps; one that works must not run into its time-out.
    await activity.quiet(HANGS_MS);
  }
  time.moveTo(target);
  await settle(parts);
}

function unsettled({ status, settleMs }: SettleParts, quiet: boolean): string {
  const subscriptions = status().flatMap((consumer) => consumer.subscriptions);
  const busy = subscriptions.map(({ name, underWay, buffered, breaker, partitions }) => {
    const behind = partitions
      .map(({ topic, partition, nextOffset }) => `${topic}/${partition}@${nextOffset}`)
      .join(' ');
    return `${name}: ${underWay} under way, ${buffered} in memory, breaker ${breaker}, at ${behind}`;
  });
  const troubles = status().flatMap((consumer) => consumer.troubles);
  const why = quiet
    ? 'messages are left that nothing handles'
    : 'handlers are still running; advance() past their timeoutMs ends them';
  return [`not settled within ${settleMs} ms: ${why}`, ...busy, ...troubles].join('\n  ');
}
