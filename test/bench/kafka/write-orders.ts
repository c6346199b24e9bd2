import type { Database } from '#libs/foundation/postgres';
import { openLoop } from '../open-loop.ts';

export const WRITERS = 16;
export const PAYLOAD_BYTES = 300;

/**
 * Transactions of one message each, begun at fixed times. The payload begins with the index as 4 bytes. Resolves when all
 * are committed.
 */
export async function writeOrders(
  writers: Database,
  schedule: { readonly topic: string; readonly perSecond: number; readonly count: number },
  committed: (index: number, scheduledMs: number) => void,
): Promise<void> {
  await Promise.all(Array.from({ length: WRITERS }, () => writers.query('select 1')));
  await openLoop(schedule, async (index, scheduledMs) => {
    const payload = Buffer.alloc(PAYLOAD_BYTES, 'x');
    payload.writeUInt32BE(index, 0);
    await writers.pool.query({
      name: 'emit',
      text: `select outbox.emit_bytes($1, $2, $3)`,
      values: [schedule.topic, Buffer.from(`key-${index % 10_000}`), payload],
    });
    committed(index, scheduledMs);
  });
}
