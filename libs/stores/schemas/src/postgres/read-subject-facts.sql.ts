import type { Queryable } from '#libs/foundation/postgres';
import type { SubjectFacts } from '../associations/decide-association.ts';
import type { QualifiedSubject } from '../names/qualified-subject.ts';

/** Indexes: context(name), subject_version's primary key, association_by_subject. The caller holds the subject's lock. */
export async function readSubjectFacts(
  tx: Queryable,
  { context, subject }: QualifiedSubject,
  withoutGuid: string | undefined,
): Promise<SubjectFacts> {
  const { rows } = await tx.query<{ live: boolean; others: string; strong: string }>(
    `select exists (
              select from registry.subject_version v join registry.context c on c.id = v.context_id
              where c.name = $1 and v.subject = $2 and v.deleted_at is null
            ) as live,
            count(a.guid) as others, count(a.guid) filter (where a.lifecycle = 'STRONG') as strong
     from registry.association a
     where a.context = $1 and a.subject = $2 and a.guid is distinct from $3::uuid`,
    [context, subject, withoutGuid ?? null],
  );
  const { live, others, strong } = rows[0]!;
  return { hasLiveVersion: live, others: Number(others), strongOthers: Number(strong) };
}
