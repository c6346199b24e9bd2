import type { Queryable } from '#libs/foundation/postgres';

/** An earlier write under the same key. */
export interface StoredAnswer {
  readonly operation: string;
  readonly requestHash: string;
  /** JSON text as it was sent; null for an answer without a body. */
  readonly response: string | null;
}

/** The answer that is stored for a key and not older than the limit. Index: primary key. No lock. */
export async function findStoredAnswer(
  tx: Queryable,
  actor: string,
  key: string,
  keptHours: number,
): Promise<StoredAnswer | undefined> {
  const result = await tx.query<StoredAnswer>(
    `select operation, request_hash as "requestHash", response::text as response
       from audit.idempotency
      where actor = $1 and key = $2 and created_at > now() - make_interval(hours => $3)`,
    [actor, key, keptHours],
  );
  return result.rows[0];
}
