import type { Database } from '#libs/foundation/postgres';
import { logSink, outboxSource, Sequencer, SEQUENCER_DEFAULTS } from '#libs/movers/sequencer';

/** How long a sequencer may take to stop, in ms. */
const STOP_MS = 10_000;

/**
 * Runs a sequencer at full speed until its cursor reaches the position; returns the ms from its first look at the outbox.
 * `moved` is told of each commit.
 */
export async function sequenceUpTo(
  db: Database,
  position: number,
  moved: (cursor: bigint) => void = () => undefined,
): Promise<number> {
  let [resolve, reject] = [(_ms: number): void => undefined, (_error: unknown): void => undefined];
  const done = new Promise<number>((onMs, onError) => ([resolve, reject] = [onMs, onError]));
  let startedAt = 0;
  const sequencer = new Sequencer(
    outboxSource(db),
    logSink(db),
    {
      ledSince: () => (startedAt = performance.now()),
      ledNoMore: (_term, reason) => {
        if (reason !== 'released') reject(new Error(`the sequencer lost its lease: ${reason}`));
      },
      failed: (error) => reject(error),
      committed: (step) => {
        moved(step.cursor);
        if (step.cursor >= BigInt(position)) resolve(performance.now() - startedAt);
      },
    },
    { ...SEQUENCER_DEFAULTS, holder: `bench-${process.pid}`, info: { host: 'bench', pid: process.pid } },
  );
  await sequencer.start();
  try {
    return await done;
  } finally {
    await sequencer.stop(STOP_MS);
  }
}

/** Remembers where the log is now, so that `rewindLog` can bring it back there. */
export async function markLog(db: Database): Promise<void> {
  await db.query('drop table if exists bench_head; create table bench_head as select * from log.head');
}

/** Takes what was sequenced after the mark out of the log again. No sequencer may run. */
export async function rewindLog(db: Database, cursor: number): Promise<void> {
  if (cursor === 0) {
    await db.query('truncate log.batch, log.head, log.placeholder');
  } else {
    await db.query('delete from log.batch where step > $1', [cursor]);
    await db.query('truncate log.head; insert into log.head select * from bench_head');
    await db.query('vacuum log.batch');
  }
  await db.query('update log.sequencer set cursor = $1, term = term + 1, holder = null, expires_at = null', [cursor]);
}
