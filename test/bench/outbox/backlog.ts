import type { Measurement } from '../measurement.ts';
import { compare, type Run } from '../rounds.ts';
import { fillOutbox } from './fill-outbox.ts';
import { rewindLog, sequenceUpTo } from './sequence-backlog.ts';
import { streamRows } from './stream-rows.ts';

const STREAM_BATCH = 5_000;
const PAYLOAD_BYTES = 300;

/** Row 2: the sequencer over a backlog, over streaming the same rows to Node and throwing them away. */
export const backlog: Measurement = {
  name: 'backlog',
  run: async (bench, found) => {
    const database = await bench.server.createDatabase();
    const db = database.pool(4);
    const messages = bench.options.backlog;
    bench.progress(`  filling ${messages} messages of ${PAYLOAD_BYTES} bytes`);
    await db.query(`select outbox.create_topic('orders')`);
    await fillOutbox(db, { topic: 'orders', messages, payloadBytes: PAYLOAD_BYTES, keys: 50_000 });
    const sequence = async (): Promise<Run> => {
      await rewindLog(db, 0);
      return { units: messages, ms: await sequenceUpTo(db, messages) };
    };
    found(
      await compare({
        row: '2',
        what: `outbox to log, backlog of ${messages.toLocaleString('en')} messages of ${PAYLOAD_BYTES} bytes`,
        unit: 'messages',
        rounds: bench.options.rounds,
        measured: sequence,
        floor: () => streamRows(db, 0, messages, STREAM_BATCH),
        atLeast: 0.6,
        serverPid: bench.server.pid,
        details: { messages, payloadBytes: PAYLOAD_BYTES, keys: 50_000, partitions: 6, streamBatch: STREAM_BATCH },
      }),
    );
    await database.drop();
  },
};
