import type { Queryable } from '#libs/foundation/postgres';

export interface VersionOfId {
  readonly subject: string;
  readonly version: number;
}

/**
 * The subjects that use an id of a context, each with its newest version that does, by name; `subject` null means any. Never
 * cut. Index: subject_version_schema. No lock.
 */
export async function listVersionsOfId(
  db: Queryable,
  context: string,
  id: number,
  subject: string | null,
  deleted: boolean,
): Promise<VersionOfId[]> {
  const result = await db.query<VersionOfId>(
    `select v.subject, max(v.version) as version
     from registry.subject_version v join registry.context c on c.id = v.context_id
     where c.name = $1 and v.schema_id = $2 and ($3::text is null or v.subject = $3) and (v.deleted_at is null or $4)
     group by v.subject order by v.subject`,
    [context, id, subject, deleted],
  );
  return result.rows;
}
