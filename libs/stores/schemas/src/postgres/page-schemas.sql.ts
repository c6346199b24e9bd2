import type { Queryable } from '#libs/foundation/postgres';
import type { QualifiedSubject } from '../names/qualified-subject.ts';
import type { SubjectPrefix } from '../reading/subject-prefix.ts';
import type { Slice } from '../registry.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, type VersionRow, versionOf } from './version-row.ts';

export type SchemaFilter = SubjectPrefix & {
  readonly deleted: boolean;
  /** Only the newest version of each subject among those shown. */
  readonly latestOnly: boolean;
  /** Only schemas with a rule of this type; empty: all. */
  readonly ruleType: string;
  /** Subjects that are listed whatever they are called. */
  readonly beside: readonly QualifiedSubject[];
};

/** Of one context the order is that of the index; among several, names with a context stand between those without. */
const IN_ONE_CONTEXT = 'v.subject, v.version';
const AMONG_CONTEXTS = `case when c.name = '.' then v.subject else ':' || c.name || ':' || v.subject end collate "C", v.version`;

/**
 * Versions with their schemas by subject, as clients see it, and version, at most `limit` after the first `offset`. The versions are
 * chosen before their texts are read. Index: the primary keys. No lock.
 */
export async function pageSchemas(
  db: Queryable,
  filter: SchemaFilter,
  { offset, limit }: Slice,
): Promise<StoredVersion[]> {
  const order = filter.context === undefined || filter.beside.length > 0 ? AMONG_CONTEXTS : IN_ONE_CONTEXT;
  const result = await db.query<VersionRow>(
    `with chosen as (
       select c.name, v.context_id, v.subject, v.version
       from registry.context c
       join registry.subject_version v on v.context_id = c.id
       join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
       where ((($1::text is null or c.name = $1) and starts_with(v.subject, $2))
           or (c.name, v.subject) in (select * from unnest($6::text[], $7::text[])))
         and (v.deleted_at is null or $3)
         and (not $4 or not exists (
           select from registry.subject_version newer
           where newer.context_id = v.context_id and newer.subject = v.subject and newer.version > v.version
             and (newer.deleted_at is null or $3)))
         and ($5 = '' or jsonb_path_exists(s.rule_set,
               '$.*[*] ? (@.type == $type)',
               jsonb_build_object('type', $5::text)))
       order by ${order}
       limit $8 offset $9
     )
     select ${VERSION_COLUMNS} from chosen h
     join registry.context c on c.id = h.context_id
     join registry.subject_version v on v.context_id = h.context_id and v.subject = h.subject and v.version = h.version
     join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
     order by ${order}`,
    [
      filter.context ?? null,
      filter.subject,
      filter.deleted,
      filter.latestOnly,
      filter.ruleType,
      filter.beside.map(({ context }) => context),
      filter.beside.map(({ subject }) => subject),
      limit,
      offset,
    ],
  );
  return result.rows.map(versionOf);
}
