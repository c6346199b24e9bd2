import type { Database } from '#libs/foundation/postgres';
import type { RetentionStore } from '../retention-store.ts';
import { deleteBatches, deleteHomelessPlaceholders } from './delete-log.sql.ts';
import { detachPartition, dropDetached, finalizeDetach } from './detach-partition.sql.ts';
import { markForDrop } from './mark-for-drop.sql.ts';
import { ensurePartitions, forgetPartition, readPartitions } from './partitions.sql.ts';
import { readCursor, readFloors } from './retention-floors.sql.ts';
import { estimateTopicAges } from './topic-ages.sql.ts';
import { giveTurnBack, takeTurn } from './turn.sql.ts';

/**
 * The retention store on Postgres. The statement timeout of `db` bounds how long a detach waits for other transactions in
 * one run: give it a pool of its own with a few seconds.
 */
export function retentionStore(db: Database): RetentionStore {
  return {
    ensurePartitions: () => ensurePartitions(db),
    takeTurn: (holder, leaseMs) => takeTurn(db, holder, leaseMs),
    giveTurnBack: (holder) => giveTurnBack(db, holder),
    partitions: () => readPartitions(db),
    cursor: () => readCursor(db),
    estimate: async (range) => ({
      ...(await readFloors(db)),
      topics: await estimateTopicAges(db, range),
      straddled: false,
    }),
    markForDrop: (range, judge) => markForDrop(db, range, judge),
    detach: (relation) => detachPartition(db, relation),
    finalizeDetach: (relation) => finalizeDetach(db, relation),
    dropTable: (relation) => dropDetached(db, relation),
    deleteLog: (range, limit) => deleteBatches(db, range, limit),
    forget: async (range) => {
      await deleteHomelessPlaceholders(db, range);
      await forgetPartition(db, range.lower);
    },
  };
}
