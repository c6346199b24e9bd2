import type { ConsumerSide } from './consuming.ts';
import { BATCH, takeEffectAlone } from './effect.ts';

/** The transactions alone, on as many connections: no topic, no offset, no inbox. */
export function floorSide(payload: Buffer): ConsumerSide {
  return {
    name: 'transactions alone',
    start: async ({ effect, concurrency, pool, numberOf, handled, failed }) => {
      const end = new AbortController();
      const size = effect === 'rows' ? BATCH : 1;
      const loop = async (): Promise<void> => {
        while (!end.signal.aborted) {
          const ns = Array.from({ length: size }, () => numberOf(payload));
          await takeEffectAlone(pool, effect, ns);
          for (const n of ns) handled(n);
        }
      };
      const loops = Promise.all(Array.from({ length: concurrency }, loop)).catch(failed);
      return {
        stop: async () => {
          end.abort();
          await loops;
        },
      };
    },
  };
}
