import type { Queryable } from '#libs/foundation/postgres';

/** Whether a subject has versions at all, and live ones. Index: the primary key. No lock. */
export async function findSubject(
  db: Queryable,
  context: string,
  subject: string,
): Promise<{ readonly exists: boolean; readonly live: boolean }> {
  const result = await db.query<{ exists: boolean; live: boolean }>(
    `select exists (select from registry.subject_version v where v.context_id = c.id and v.subject = $2) as exists,
            exists (select from registry.subject_version v
                    where v.context_id = c.id and v.subject = $2 and v.deleted_at is null) as live
     from registry.context c where c.name = $1`,
    [context, subject],
  );
  return result.rows[0] ?? { exists: false, live: false };
}
