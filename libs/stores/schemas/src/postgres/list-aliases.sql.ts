import type { Queryable } from '#libs/foundation/postgres';
import { parseSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';

/** The names that are aliases of these subjects, by the subjects as clients see them. Index: config_alias. No lock. */
export async function listAliases(
  db: Queryable,
  subjects: readonly QualifiedSubject[],
): Promise<Map<string, string[]>> {
  const spellings = subjects.flatMap(({ context, subject }) => [subject, `:${context}:${subject}`]);
  const result = await db.query<{ context: string; subject: string; alias: string }>(
    `select f.context, f.subject, f.alias from registry.config f
     where f.alias = any($1::text[]) order by f.context, f.subject`,
    [[...new Set(spellings)]],
  );
  const aliases = new Map<string, string[]>();
  for (const row of result.rows) {
    const target = printSubject(parseSubject(row.alias, row.context));
    aliases.set(target, [...(aliases.get(target) ?? []), printSubject(row)]);
  }
  return aliases;
}
