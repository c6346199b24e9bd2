import { translatePostgresError, type Queryable } from '#libs/foundation/postgres';
import type { CommitRequest } from '../ports.ts';

/**
 * Commits all offsets or none, in the transaction of `db` if it is in one. log.commit_offsets says which locks it takes.
 * Indexes: outbox.topic(name), primary keys of group_partition, group_offset and log.head.
 */
export async function commitOffsets(db: Queryable, { group, memberId, offsets }: CommitRequest): Promise<void> {
  try {
    await db.query('select log.commit_offsets($1, $2, $3, $4, $5, $6, $7)', [
      group,
      memberId,
      offsets.map((offset) => offset.topic),
      offsets.map((offset) => offset.partition),
      offsets.map((offset) => offset.assignmentEpoch.toString()),
      offsets.map((offset) => offset.nextOffset.toString()),
      offsets.map((offset) => offset.metadata ?? null),
    ]);
  } catch (error) {
    // A client of the caller's own throws what Postgres said.
    throw translatePostgresError(error);
  }
}
