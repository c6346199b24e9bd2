import type { Run } from '../rounds.ts';
import type { History } from './history-database.ts';
import { streamRows } from './stream-rows.ts';

/** Records of a page. */
export const PAGE = 1_000;
const LIMITS = { maxRecords: PAGE, maxBytes: 8_000_000 };

/** About so many records at the end of the topic, from all partitions. */
export async function readNewest({ reader }: History, records: number): Promise<Run> {
  const startedAt = performance.now();
  const ranges = await reader.ranges('orders');
  let units = 0;
  for (const { partition, endOffset } of ranges) {
    let offset = endOffset - BigInt(Math.floor(records / ranges.length));
    while (offset < endOffset) {
      const page = await reader.read('orders', partition, offset, LIMITS);
      offset = page.nextOffset;
      units += page.records.length;
    }
  }
  return { units, ms: performance.now() - startedAt };
}

/** A page of every partition at each place: together about the rows of one stretch of positions. */
export async function readPlaces({ reader }: History, places: number): Promise<Run> {
  const ranges = await reader.ranges('orders');
  const startedAt = performance.now();
  let units = 0;
  for (let place = 0; place < places; place += 1) {
    const share = Math.random();
    for (const { partition, endOffset } of ranges) {
      const offset = BigInt(Math.floor(share * (Number(endOffset) - PAGE)));
      units += (await reader.read('orders', partition, offset, LIMITS)).records.length;
    }
  }
  return { units, ms: performance.now() - startedAt };
}

/** The floor of `readPlaces`. */
export async function streamPlaces({ db, reader, messages }: History, places: number): Promise<Run> {
  const rows = PAGE * (await reader.ranges('orders')).length;
  const startedAt = performance.now();
  let units = 0;
  for (let place = 0; place < places; place += 1) {
    const after = Math.floor(Math.random() * (messages - rows));
    units += (await streamRows(db, after, after + rows, PAGE)).units;
  }
  return { units, ms: performance.now() - startedAt };
}
