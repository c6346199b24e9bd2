import { type Sleep, systemSleep } from './sleep.ts';

/**
 * True when `work` ended in time, false when `ms` passed first; `work` itself goes on. Rejects as `work` does if that
 * happens in time; a rejection after that is not reported here, so keep `work` where somebody awaits it if it matters.
 */
export async function endsWithin(work: Promise<unknown>, ms: number, sleep: Sleep = systemSleep): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([work.then(() => true), sleep(ms, timer.signal).then(() => false)]);
  } finally {
    timer.abort();
  }
}
