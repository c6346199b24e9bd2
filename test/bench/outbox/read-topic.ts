import { PostgresTopicReader, type ReadLimits } from '#libs/stores/topic';
import type { Measurement } from '../measurement.ts';
import { compare, type Run } from '../rounds.ts';
import { fillOutbox } from './fill-outbox.ts';
import { sequenceUpTo } from './sequence-backlog.ts';
import { streamRows } from './stream-rows.ts';

const MESSAGES = 200_000;
const PAYLOAD_BYTES = 300;

/** Row 4: reading every partition of a topic by offset, over streaming the same rows by id with pages of the same size. */
export const readTopic: Measurement = {
  name: 'read',
  run: async (bench, found) => {
    const database = await bench.server.createDatabase();
    const db = database.pool(4);
    await db.query(`select outbox.create_topic('orders')`);
    await fillOutbox(db, { topic: 'orders', messages: MESSAGES, payloadBytes: PAYLOAD_BYTES, keys: 50_000 });
    await sequenceUpTo(db, MESSAGES);
    const reader = new PostgresTopicReader(db);
    for (const [row, page] of [
      ['4', 5_000],
      ['4b', 500],
    ] as const) {
      found(
        await compare({
          row,
          what: `read a topic by offset, pages of ${page.toLocaleString('en')} records`,
          unit: 'records',
          rounds: bench.options.rounds,
          measured: () => readWhole(reader, 'orders', { maxRecords: page, maxBytes: 8_000_000 }),
          floor: () => streamRows(db, 0, MESSAGES, page),
          ...(row === '4' ? { atLeast: 0.6 } : {}),
          serverPid: bench.server.pid,
          details: { messages: MESSAGES, payloadBytes: PAYLOAD_BYTES, partitions: 6, page },
        }),
      );
    }
    await database.drop();
  },
};

/** All records of all partitions, one page after the other. */
export async function readWhole(reader: PostgresTopicReader, topic: string, limits: ReadLimits): Promise<Run> {
  const startedAt = performance.now();
  let units = 0;
  for (const range of await reader.ranges(topic)) {
    for (let offset = range.startOffset; offset < range.endOffset;) {
      const page = await reader.read(topic, range.partition, offset, limits);
      units += page.records.length;
      offset = page.nextOffset;
    }
  }
  return { units, ms: performance.now() - startedAt };
}
