import type { Queryable } from '#libs/foundation/postgres';
import type { SubjectPrefix } from '../reading/subject-prefix.ts';
import type { StoredVersion } from '../stored-schema.ts';
import { VERSION_COLUMNS, type VersionRow, versionOf } from './version-row.ts';

export interface SchemaPosition {
  readonly context: string;
  readonly subject: string;
  readonly version: number;
}

export type SchemaFilter = SubjectPrefix & {
  readonly deleted: boolean;
  /** Only the newest version of each subject among those shown. */
  readonly latestOnly: boolean;
  /** Only schemas with a rule of this type; empty: all. */
  readonly ruleType: string;
};

/**
 * Versions with their schemas by context, subject and version, at most `limit` after a position and `offset` more. The
 * versions are chosen before their texts are read. Index: the primary keys. No lock.
 */
export async function pageSchemas(
  db: Queryable,
  filter: SchemaFilter,
  after: SchemaPosition | undefined,
  offset: number,
  limit: number,
): Promise<StoredVersion[]> {
  const result = await db.query<VersionRow>(
    `with chosen as (
       select c.name, v.context_id, v.subject, v.version
       from registry.context c
       join registry.subject_version v on v.context_id = c.id
       join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
       where ($1::text is null or c.name = $1) and starts_with(v.subject, $2) and (v.deleted_at is null or $3)
         and (not $4 or not exists (
           select from registry.subject_version newer
           where newer.context_id = v.context_id and newer.subject = v.subject and newer.version > v.version
             and (newer.deleted_at is null or $3)))
         and ($5 = '' or jsonb_path_exists(s.rule_set,
               '$.*[*] ? (@.type == $type)',
               jsonb_build_object('type', $5::text)))
         and ($6::text is null or (c.name, v.subject, v.version) > ($6, $7::text, $8::integer))
       order by c.name, v.subject, v.version
       limit $9 offset $10
     )
     select ${VERSION_COLUMNS} from chosen h
     join registry.context c on c.id = h.context_id
     join registry.subject_version v on v.context_id = h.context_id and v.subject = h.subject and v.version = h.version
     join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
     order by c.name, v.subject, v.version`,
    [
      filter.context ?? null,
      filter.subject,
      filter.deleted,
      filter.latestOnly,
      filter.ruleType,
      after?.context ?? null,
      after?.subject ?? null,
      after?.version ?? null,
      limit,
      offset,
    ],
  );
  return result.rows.map(versionOf);
}
