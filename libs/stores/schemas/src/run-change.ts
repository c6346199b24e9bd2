import type { Database } from '#libs/foundation/postgres';
import type { RevisionWatch } from './caching/revision-watch.ts';
import type { ChangesTopic } from './changes-topic.ts';
import { bumpRevision, recordChange } from './postgres/record-change.sql.ts';
import type { RunChange } from './registry-parts.ts';

/** The transaction of a change. The revision is the last row it locks, so that two changes cannot wait for one another. */
export function changeRunner(database: Database, topic: ChangesTopic, watch: RevisionWatch): RunChange {
  return async (work) => {
    await topic.ensure();
    try {
      return await database.transaction(async (tx) => {
        const result = await work(tx, (change, by) => recordChange(tx, change, by));
        await bumpRevision(tx);
        return result;
      });
    } finally {
      // Also after a failure: it may have come between the commit and its answer.
      watch.changed();
    }
  };
}
