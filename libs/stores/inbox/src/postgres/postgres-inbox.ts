import { type Queryable, translatePostgresError } from '#libs/foundation/postgres';
import { checkMessageIds } from '../check-message-ids.ts';
import { markHandled } from './mark-handled.sql.ts';

/**
 * What consumer groups have handled. Every call belongs to the transaction of its first argument, which holds the effects of the
 * messages: it commits with them or not at all. Calls throw INBOX_INVALID for arguments that cannot be, and DATABASE_BUSY where
 * running the transaction again will do.
 */
export class PostgresInbox {
  /**
   * Marks messages as handled by the group and gives those that were not handled before: only their effects may be made. Waits
   * for other transactions that are handling one of them. At most 10,000 ids (UUIDs in lower case); one that is given twice
   * counts once. Throws INBOX_TRANSACTION_TOO_LONG when the transaction has been open for more than 10 minutes; the commit fails
   * with its SQLSTATE, TM020, when it has been by then. Several calls in one transaction may deadlock with those of another.
   */
  markHandled(tx: Queryable, group: string, messageIds: readonly string[]): Promise<ReadonlySet<string>> {
    return translated(async () => {
      checkMessageIds(group, messageIds);
      return new Set(await markHandled(tx, group, messageIds));
    });
  }
}

/** A client of the caller's own throws what Postgres said; callers of the inbox get the codes of the catalogue. */
async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translatePostgresError(error);
  }
}
