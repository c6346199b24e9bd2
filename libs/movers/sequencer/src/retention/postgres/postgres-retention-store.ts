import {
  type Database,
  detachPartition,
  dropDetached,
  finalizeDetach,
  giveTurnBack,
  takeTurn,
} from '#libs/foundation/postgres';
import type { RetentionStore } from '../retention-store.ts';
import { deleteBatches, deleteHomelessPlaceholders } from './delete-log.sql.ts';
import { markForDrop } from './mark-for-drop.sql.ts';
import { ensurePartitions, forgetPartition, readPartitions } from './partitions.sql.ts';
import { readCursor, readFloors } from './retention-floors.sql.ts';
import { estimateTopicAges } from './topic-ages.sql.ts';

/** Whose turn it is to drop partitions. */
const TURN = 'log.retention_lease';

const partition = (relation: string) => ({ schema: 'outbox', parent: 'message', relation });

/**
 * The retention store on Postgres. The statement timeout of `db` bounds how long a detach waits for other transactions in
 * one run: give it a pool of its own with a few seconds.
 */
export function retentionStore(db: Database): RetentionStore {
  return {
    ensurePartitions: () => ensurePartitions(db),
    takeTurn: (holder, leaseMs) => takeTurn(db, TURN, holder, leaseMs),
    giveTurnBack: (holder) => giveTurnBack(db, TURN, holder),
    partitions: () => readPartitions(db),
    cursor: () => readCursor(db),
    estimate: async (range) => ({
      ...(await readFloors(db)),
      topics: await estimateTopicAges(db, range),
      straddled: false,
    }),
    markForDrop: (range, judge) => markForDrop(db, range, judge),
    detach: (relation) => detachPartition(db, partition(relation)),
    finalizeDetach: (relation) => finalizeDetach(db, partition(relation)),
    dropTable: (relation) => dropDetached(db, partition(relation)),
    deleteLog: (range, limit) => deleteBatches(db, range, limit),
    forget: async (range) => {
      await deleteHomelessPlaceholders(db, range);
      await forgetPartition(db, range.lower);
    },
  };
}
