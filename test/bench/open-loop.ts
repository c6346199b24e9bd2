import { setTimeout as pause } from 'node:timers/promises';

/**
 * Starts `work(index)` at fixed times, whatever became of the ones before: an overloaded system gets its work all the
 * same, as it would from users. `scheduledMs` is the time on performance.now() at which it should have started; what the
 * timer is late counts against the system. Resolves when all work has ended.
 */
export async function openLoop(
  schedule: { readonly perSecond: number; readonly count: number },
  work: (index: number, scheduledMs: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const running: Promise<void>[] = [];
  while (running.length < schedule.count) {
    const due = Math.min(schedule.count, dueBy(performance.now() - startedAt, schedule.perSecond));
    while (running.length < due) {
      const index = running.length;
      running.push(work(index, startedAt + (index * 1000) / schedule.perSecond));
    }
    await pause(1);
  }
  await Promise.all(running);
}

/** How many starts are due after so many ms; the first one is due at 0. */
export function dueBy(elapsedMs: number, perSecond: number): number {
  return Math.floor((elapsedMs * perSecond) / 1000) + 1;
}
