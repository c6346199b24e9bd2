import type { Queryable } from '#libs/foundation/postgres';
import { TidemarkError } from '#libs/foundation/kernel';
import { passId } from '../postgres/locks.sql.ts';
import { claimId, claimSchema } from '../postgres/claim-schema.sql.ts';
import { insertReferences, insertSchema, type NewSchema, type ReferenceTarget } from '../postgres/insert-schema.sql.ts';
import { type NewSubjectVersion, type RegisteredVersion, registerVersion } from '../postgres/register-version.sql.ts';
import { notPermitted } from '../refusals.ts';
import type { ChangeAuthor } from '../registry.ts';

/** A schema that is added and deleted by others again and again while this one looks is not waited for for ever. */
const ATTEMPTS_MAX = 5;

/** Adds a version to a subject that is locked, with its schema, under the id that the context has for that or a new one. */
export async function storeVersion(
  tx: Queryable,
  schema: NewSchema,
  version: NewSubjectVersion,
  targets: readonly ReferenceTarget[],
  by: ChangeAuthor,
): Promise<RegisteredVersion> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const added = await registerVersion(tx, schema, version, targets, by);
    if (added !== undefined) return added;
  }
  throw new TidemarkError('DATABASE_BUSY', 'the schema was added and deleted by others while it was being registered');
}

/**
 * Puts a schema under the id that an import brings, and moves the ids of the context past it. The same schema may have a
 * second id. Throws 42205 when the id is that of another schema.
 */
export async function storeSchemaAs(
  tx: Queryable,
  id: number,
  schema: NewSchema,
  targets: readonly ReferenceTarget[],
  context: string,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const holder = await claimId(tx, schema.contextId, id);
    if (holder?.type === schema.type && holder.fingerprint.equals(schema.fingerprint)) return;
    if (holder !== undefined) {
      throw notPermitted(`Overwrite new schema with id ${id} in context ${context} is not permitted.`);
    }
    await passId(tx, schema.contextId, id);
    const duplicate = (await claimSchema(tx, schema)) !== undefined;
    if (!(await insertSchema(tx, schema, id, duplicate))) continue;
    if (targets.length > 0) await insertReferences(tx, schema.contextId, id, targets);
    return;
  }
  throw new TidemarkError('DATABASE_BUSY', `the id ${id} was added and deleted by others while it was being imported`);
}
