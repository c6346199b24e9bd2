import type { Queryable } from '#libs/foundation/postgres';
import type { RecordPlace } from '../failure.ts';

/** Resolves the failure of a message, if there is one. Index: the unique one of inbox.failure. Locks its row. */
export async function settleFailure(
  tx: Queryable,
  group: string,
  origin: RecordPlace,
  messageId: string,
): Promise<void> {
  await tx.query('select inbox.settle_failure($1, $2, $3, $4, $5)', [
    group,
    origin.topic,
    origin.partition,
    origin.offset,
    messageId,
  ]);
}
