import type { Queryable } from '#libs/foundation/postgres';
import { printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import type { AssociationInfo } from '../registry.ts';

type Row = Omit<AssociationInfo, 'subject'> & QualifiedSubject;

/** Those of many subjects, by their names as clients see them. Index: association_by_subject, once per subject. No lock. */
export async function listAssociations(
  db: Queryable,
  subjects: readonly QualifiedSubject[],
): Promise<Map<string, AssociationInfo[]>> {
  const { rows } = await db.query<Row & Record<string, unknown>>(
    `select a.guid, a.context, a.subject, a.resource_name as "resourceName", a.resource_namespace as "resourceNamespace",
            a.resource_id as "resourceId", a.resource_type as "resourceType", a.association_type as "associationType",
            a.lifecycle, a.frozen
     from unnest($1::text[], $2::text[]) s(context, subject)
     join registry.association a on a.context = s.context and a.subject = s.subject
     order by a.resource_namespace, a.resource_name, a.resource_id, a.association_type`,
    [subjects.map(({ context }) => context), subjects.map(({ subject }) => subject)],
  );
  const found = new Map<string, AssociationInfo[]>();
  for (const { context, subject: unqualified, ...row } of rows) {
    const subject = printSubject({ context, subject: unqualified });
    found.set(subject, [...(found.get(subject) ?? []), { ...row, subject }]);
  }
  return found;
}
