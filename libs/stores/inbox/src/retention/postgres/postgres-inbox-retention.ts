import {
  type Database,
  detachPartition,
  dropDetached,
  finalizeDetach,
  giveTurnBack,
  takeTurn,
} from '#libs/foundation/postgres';
import type { InboxRetention } from '../inbox-retention.ts';
import { ensurePartitions, forgetPartition, markExpired, readMarked } from './expire-partitions.sql.ts';
import { forgetFailures } from './forget-failures.sql.ts';

/** Whose turn it is to drop partitions. */
const TURN = 'inbox.retention_lease';

const partition = (relation: string) => ({ schema: 'inbox', parent: 'handled', relation });

/**
 * The retention of the inbox on Postgres. The statement timeout of `db` bounds how long a detach waits for other transactions
 * in one run: give it a pool of its own with a few seconds.
 */
export function inboxRetention(db: Database): InboxRetention {
  return {
    ensurePartitions: () => ensurePartitions(db),
    takeTurn: (holder, leaseMs) => takeTurn(db, TURN, holder, leaseMs),
    giveTurnBack: (holder) => giveTurnBack(db, TURN, holder),
    expire: async () => {
      await markExpired(db);
      return readMarked(db);
    },
    detach: (relation) => detachPartition(db, partition(relation)),
    finalizeDetach: (relation) => finalizeDetach(db, partition(relation)),
    dropTable: (relation) => dropDetached(db, partition(relation)),
    forget: (relation) => forgetPartition(db, relation),
    forgetFailures: (limit) => forgetFailures(db, limit),
  };
}
