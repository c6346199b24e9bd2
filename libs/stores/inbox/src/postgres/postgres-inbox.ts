import { TidemarkError } from '#libs/foundation/kernel';
import { type Queryable, translatePostgresError } from '#libs/foundation/postgres';
import { checkMessageIds } from '../check-message-ids.ts';
import type { FailedDelivery, RecordPlace } from '../failure.ts';
import type { KeyOfTopic, ParkableRecord, ParkedRecord } from '../parked.ts';
import { blockKey, holdBlocked, settleKey } from './blocked-keys.sql.ts';
import { markHandled } from './mark-handled.sql.ts';
import { park } from './park.sql.ts';
import { recordFailure } from './record-failure.sql.ts';
import { settleFailure } from './settle-failure.sql.ts';
import { takeParked } from './take-parked.sql.ts';

/**
 * What consumer groups have handled, what failed, and what waits. Every call belongs to the transaction of its first argument,
 * which holds the effects of the messages: it commits with them or not at all. Calls throw INBOX_INVALID for arguments that
 * cannot be, and DATABASE_BUSY where running the transaction again will do. In one transaction, ask for blocked keys before
 * marking messages as handled: the locks are taken in this order.
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

  /** Records that a delivery failed and its message is sent on; `already`: this delivery has sent it on before, so send nothing. */
  recordFailure(tx: Queryable, failure: FailedDelivery): Promise<'recorded' | 'already'> {
    return translated(async () => {
      checkMessageIds(failure.group, [failure.messageId]);
      return (await recordFailure(tx, failure)) ? 'recorded' : 'already';
    });
  }

  /** The message of this origin was handled after all: its failure is resolved, and what is parked behind its key goes on. */
  settleFailure(
    tx: Queryable,
    settled: {
      readonly group: string;
      readonly origin: RecordPlace;
      readonly messageId: string;
      readonly key: Buffer | null;
    },
  ): Promise<void> {
    const { group, origin, messageId, key } = settled;
    return translated(async () => {
      checkMessageIds(group, [messageId]);
      if (key !== null) await settleKey(tx, { group, topic: origin.topic, key }, messageId);
      await settleFailure(tx, group, origin, messageId);
    });
  }

  /**
   * Whether the messages of each key have to be parked, in the order asked: the key waits for a message, or others are parked
   * behind it. Those that have to cannot be freed before the transaction ends. Nearly free while the group has no such key.
   */
  blockedKeys(tx: Queryable, group: string, topic: string, keys: readonly Buffer[]): Promise<readonly boolean[]> {
    return translated(() => holdBlocked(tx, group, topic, keys));
  }

  /** From now on later messages of the key have to be parked, until the message is settled or the key is resolved by hand. */
  blockKey(tx: Queryable, { messageId, ...key }: KeyOfTopic & { readonly messageId: string }): Promise<void> {
    return translated(() => {
      checkMessageIds(key.group, [messageId]);
      return blockKey(tx, key, messageId);
    });
  }

  /** Puts the record behind those that wait already. Does nothing when it is there already. Throws KEY_NOT_BLOCKED. */
  park(tx: Queryable, group: string, record: ParkableRecord): Promise<void> {
    return translated(() => {
      checkMessageIds(group, [record.messageId]);
      if (record.key === null) {
        throw new TidemarkError(
          'INBOX_INVALID',
          `group ${group}: message ${record.messageId} has no key to wait behind`,
        );
      }
      return park(tx, group, record);
    });
  }

  /**
   * Takes the first parked record of a key of these topics that waits for no message any more; null when there is none that
   * nobody else has under way. It is gone when the transaction commits; until then nobody else gets the next one of its key.
   */
  takeParked(tx: Queryable, group: string, topics: readonly string[]): Promise<ParkedRecord | null> {
    return translated(() => takeParked(tx, group, topics));
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
