import type { Queryable } from '#libs/foundation/postgres';

export interface VersionState {
  readonly version: number;
  readonly deleted: boolean;
}

/** All versions of a subject, oldest first; never cut. Index: the primary key. No lock. */
export async function listVersionStates(db: Queryable, context: string, subject: string): Promise<VersionState[]> {
  const result = await db.query<VersionState>(
    `select v.version, v.deleted_at is not null as deleted
     from registry.subject_version v join registry.context c on c.id = v.context_id
     where c.name = $1 and v.subject = $2 order by v.version`,
    [context, subject],
  );
  return result.rows;
}
