import type { Queryable } from '#libs/foundation/postgres';

/**
 * The ids, ascending, of schemas that refer to a version; those that only soft-deleted versions use when `deleted`. Never cut.
 * Indexes: schema_reference_target, subject_version_schema. No lock.
 */
export async function listReferrerIds(
  db: Queryable,
  target: { readonly contextId: number; readonly subject: string; readonly version: number },
  deleted: boolean,
): Promise<number[]> {
  const result = await db.query<{ id: number }>(
    `select distinct r.schema_id as id from registry.schema_reference r
     join registry.subject_version v on v.context_id = r.context_id and v.schema_id = r.schema_id
     where r.target_context_id = $1 and r.target_subject = $2 and r.target_version = $3
       and (v.deleted_at is null or $4)
     order by id`,
    [target.contextId, target.subject, target.version, deleted],
  );
  return result.rows.map((row) => row.id);
}

/**
 * The lowest and the highest of these versions that something refers to; undefined when nothing does. References between
 * versions of the subject itself count only when told so. Indexes: schema_reference_target, subject_version_schema. No lock:
 * the caller holds the subject's lock exclusively, and who refers to it anew takes that shared.
 */
export async function findReferredVersions(
  tx: Queryable,
  target: { readonly contextId: number; readonly subject: string; readonly versions: readonly number[] },
  counting: { readonly deleted: boolean; readonly own: boolean },
): Promise<{ readonly lowest: number; readonly highest: number } | undefined> {
  const result = await tx.query<{ lowest: number | null; highest: number }>(
    `select min(r.target_version) as lowest, max(r.target_version) as highest from registry.schema_reference r
     join registry.subject_version v on v.context_id = r.context_id and v.schema_id = r.schema_id
     where r.target_context_id = $1 and r.target_subject = $2 and r.target_version = any($3::integer[])
       and (v.deleted_at is null or $4)
       and ($5 or (v.context_id, v.subject) <> ($1, $2))`,
    [target.contextId, target.subject, target.versions, counting.deleted, counting.own],
  );
  const { lowest, highest } = result.rows[0]!;
  return lowest === null ? undefined : { lowest, highest };
}
