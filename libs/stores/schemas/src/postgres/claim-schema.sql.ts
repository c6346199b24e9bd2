import type { Queryable } from '#libs/foundation/postgres';

/**
 * The id of a schema that the context has already, kept from being deleted until the transaction ends. Index:
 * schema_fingerprint. Locks the row (key share), waiting for one who deletes it.
 */
export async function claimSchema(tx: Queryable, contextId: number, fingerprint: Buffer): Promise<number | undefined> {
  const result = await tx.query<{ id: number }>(
    `select s.id from registry.schema s
     where s.context_id = $1 and s.fingerprint = $2 and not s.duplicate for key share`,
    [contextId, fingerprint],
  );
  return result.rows[0]?.id;
}

/** The fingerprint of the schema with an id. Index: the primary key. Locks the row (key share). */
export async function claimId(
  tx: Queryable,
  contextId: number,
  id: number,
): Promise<{ fingerprint: Buffer } | undefined> {
  const result = await tx.query<{ fingerprint: Buffer }>(
    'select s.fingerprint from registry.schema s where s.context_id = $1 and s.id = $2 for key share',
    [contextId, id],
  );
  return result.rows[0];
}
