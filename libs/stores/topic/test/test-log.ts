import { expect } from '@jest/globals';
import type { Database } from '#libs/foundation/postgres';
import { createTestDatabase, eventually } from '#libs/foundation/testing';
import { logSink, outboxSource, Sequencer, SEQUENCER_DEFAULTS } from '#libs/movers/sequencer';

/** A database of its own with a running sequencer. */
export interface TestLog {
  readonly db: Database;
  readonly url: string;
  /** Resolves when every committed message is in the log. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

export async function startLog(): Promise<TestLog> {
  const database = await createTestDatabase();
  const failures: unknown[] = [];
  const sequencer = new Sequencer(
    outboxSource(database.db),
    logSink(database.db),
    {
      ledSince: () => undefined,
      ledNoMore: () => undefined,
      committed: () => undefined,
      failed: (error) => failures.push(error),
    },
    { ...SEQUENCER_DEFAULTS, holder: 'test', info: { host: 'test', pid: process.pid } },
  );
  await sequencer.start();
  return {
    db: database.db,
    url: database.url,
    caughtUp: () =>
      eventually(async () => {
        const result = await database.db.query(
          'select s.cursor = p.last_value as done from log.sequencer s, outbox.position p',
        );
        expect(result.rows).toEqual([{ done: true }]);
      }),
    stop: async () => {
      await sequencer.stop(5_000);
      await database.drop();
      expect(failures).toEqual([]);
    },
  };
}
