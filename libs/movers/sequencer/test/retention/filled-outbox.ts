import type { Database } from '#libs/foundation/postgres';
import { eventually, smallPartitions, type TestDatabase } from '#libs/foundation/testing';
import { logSink, outboxSource, Sequencer, SEQUENCER_DEFAULTS } from '../../src/index.ts';
import { MAINTENANCE_DEFAULTS, type MaintenanceOptions } from '../../src/retention/partition-maintenance.ts';

export const PARTITION_SIZE = 1_000;

export const OPTIONS: MaintenanceOptions = {
  ...MAINTENANCE_DEFAULTS,
  holder: 'test',
  graceMs: 0,
  batchesPerDelete: 7,
};

export const never = new AbortController().signal;

/** A database with small partitions and a topic whose messages expire at once. */
export async function prepareOutbox(database: TestDatabase): Promise<void> {
  await smallPartitions(database.db, PARTITION_SIZE, 2);
  await database.db.query(`select outbox.create_topic('brief', 3, p_retention_ms => 1)`);
}

export async function emitMany(db: Database, topic: string, count: number): Promise<void> {
  await db.query(`select outbox.emit($1, 'key-' || n % 17, to_jsonb(n)) from generate_series(1, $2::integer) n`, [
    topic,
    count,
  ]);
}

export function sequencerOf(db: Database): Sequencer {
  const silent = { ledSince() {}, ledNoMore() {}, failed() {}, committed() {} };
  return new Sequencer(outboxSource(db), logSink(db), silent, {
    ...SEQUENCER_DEFAULTS,
    holder: 'test',
    info: { host: 'test', pid: process.pid },
    messagesMax: 130,
  });
}

/** Runs a sequencer until everything that is written is in the log. */
export async function sequenceAll(db: Database): Promise<void> {
  const sequencer = sequencerOf(db);
  await sequencer.start();
  await eventually(async () => {
    const left = await db.query<{ behind: boolean }>('select cursor < outbox.horizon() as behind from log.sequencer');
    if (left.rows[0]!.behind) throw new Error('the log is behind the outbox');
  });
  await sequencer.stop(5_000);
}
