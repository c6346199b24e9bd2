import type { Queryable } from '#libs/foundation/postgres';
import type { SchemaReference } from '#libs/formats/schema';
import { missingReference } from '../contents/reference-closure.ts';
import { parseSubject } from '../names/qualified-subject.ts';
import { findLatestVersion } from '../postgres/find-version.sql.ts';

/** The references with -1 replaced by the number of the latest version. Throws 42201 where there is none. */
export async function concreteReferences(
  db: Queryable,
  context: string,
  references: readonly SchemaReference[],
): Promise<SchemaReference[]> {
  const concrete: SchemaReference[] = [];
  for (const reference of references) {
    if (reference.version !== -1) {
      concrete.push(reference);
      continue;
    }
    const target = parseSubject(reference.subject, context);
    const latest = await findLatestVersion(db, target.context, target.subject);
    if (latest === undefined) throw missingReference(reference.subject, -1);
    concrete.push({ ...reference, version: latest.version });
  }
  return concrete;
}
