import type { Queryable } from '#libs/foundation/postgres';
import type { SubjectPrefix } from '../reading/subject-prefix.ts';
import type { DeletedFilter, Slice } from '../registry.ts';
import { printSubject } from '../names/qualified-subject.ts';

/**
 * Subjects in order of context and name, each as clients see it. `only` means those without a live version.
 * Index: the primary key of subject_version, over all versions of the contexts. No lock.
 */
export async function listSubjects(
  db: Queryable,
  prefix: SubjectPrefix,
  deleted: DeletedFilter,
  slice: Slice,
): Promise<string[]> {
  const result = await db.query<{ context: string; subject: string }>(
    `select c.name as context, v.subject from registry.subject_version v join registry.context c on c.id = v.context_id
     where ($1::text is null or c.name = $1) and starts_with(v.subject, $2)
     group by c.name, v.subject
     having case $3 when 'exclude' then bool_or(v.deleted_at is null)
                    when 'only' then not bool_or(v.deleted_at is null) else true end
     order by case when c.name = '.' then v.subject else ':' || c.name || ':' || v.subject end collate "C"
     limit $4 offset $5`,
    [prefix.context ?? null, prefix.subject, deleted, slice.limit > 0 ? slice.limit : null, Math.max(slice.offset, 0)],
  );
  return result.rows.map(printSubject);
}
