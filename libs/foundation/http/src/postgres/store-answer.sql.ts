import type { Queryable } from '#libs/foundation/postgres';

export interface AnswerRow {
  readonly actor: string;
  readonly key: string;
  readonly operation: string;
  readonly requestHash: string;
  readonly response: string | null;
}

/**
 * Stores the answer of a write. An expired row of the same key that was not purged yet is replaced. Index: primary key.
 * Locks the one row; the caller holds the key's advisory lock, so that nobody waits for it.
 */
export async function storeAnswer(tx: Queryable, row: AnswerRow): Promise<void> {
  await tx.query(
    `insert into audit.idempotency (actor, key, operation, request_hash, response)
     values ($1, $2, $3, $4, $5::json)
     on conflict (actor, key) do update
        set operation = excluded.operation, request_hash = excluded.request_hash,
            response = excluded.response, created_at = excluded.created_at`,
    [row.actor, row.key, row.operation, row.requestHash, row.response],
  );
}
