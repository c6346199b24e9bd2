import type { Queryable } from '#libs/foundation/postgres';
import type { NewSchema } from './insert-schema.sql.ts';

/**
 * The id of a schema that the context has already, kept from being deleted until the transaction ends. Index:
 * schema_fingerprint. Locks the row (key share), waiting for one who deletes it.
 */
export async function claimSchema(
  tx: Queryable,
  { contextId, fingerprint, type }: Pick<NewSchema, 'contextId' | 'fingerprint' | 'type'>,
): Promise<number | undefined> {
  const result = await tx.query<{ id: number }>(
    `select s.id from registry.schema s
     where s.context_id = $1 and s.fingerprint = $2 and s.type = $3 and not s.duplicate for key share`,
    [contextId, fingerprint, type],
  );
  return result.rows[0]?.id;
}

/** What the schema with an id is. Index: the primary key. Locks the row (key share). */
export async function claimId(
  tx: Queryable,
  contextId: number,
  id: number,
): Promise<Pick<NewSchema, 'fingerprint' | 'type'> | undefined> {
  const result = await tx.query<Pick<NewSchema, 'fingerprint' | 'type'>>(
    'select s.fingerprint, s.type from registry.schema s where s.context_id = $1 and s.id = $2 for key share',
    [contextId, id],
  );
  return result.rows[0];
}
