import { setTimeout as pause } from 'node:timers/promises';
import type { BenchDatabase } from '../bench-server.ts';

const PAUSE_MS = 10;

/**
 * Times `select 1` on a connection of its own every few ms, while something else is measured: what one round trip costs
 * under that load, on that machine, at that time.
 */
export function startRoundTripProbe(database: Pick<BenchDatabase, 'pool'>): { stop(): Promise<readonly number[]> } {
  const db = database.pool(1);
  const times: number[] = [];
  const stop = new AbortController();
  const probing = (async () => {
    await db.query('select 1');
    while (!stop.signal.aborted) {
      const startedAt = performance.now();
      await db.query('select 1');
      times.push(performance.now() - startedAt);
      await pause(PAUSE_MS);
    }
  })();
  return {
    stop: async () => {
      stop.abort();
      await probing;
      return times;
    },
  };
}
