import type { Metadata, RuleSet, SchemaReference, SchemaType } from '#libs/formats/schema';
import type { StoredVersion } from '../stored-schema.ts';

/** A version joined with its schema and context; the aliases are v, s and c. */
export const VERSION_COLUMNS = `v.context_id, c.name as context, v.subject, v.version, v.deleted_at is not null as deleted,
  floor(extract(epoch from v.created_at) * 1000)::float8 as ts, s.id, s.guid, s.type, s.text, s.refs, s.metadata, s.rule_set`;

export const VERSION_TABLES = `registry.subject_version v
  join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
  join registry.context c on c.id = v.context_id`;

export interface VersionRow {
  readonly context_id: number;
  readonly context: string;
  readonly subject: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly ts: number;
  readonly id: number;
  readonly guid: string;
  readonly type: SchemaType;
  readonly text: string;
  readonly refs: SchemaReference[];
  readonly metadata: Metadata | null;
  readonly rule_set: RuleSet | null;
}

export function versionOf(row: VersionRow): StoredVersion {
  return {
    contextId: row.context_id,
    context: row.context,
    subject: row.subject,
    version: row.version,
    deleted: row.deleted,
    ts: row.ts,
    id: row.id,
    guid: row.guid,
    type: row.type,
    text: row.text,
    references: row.refs,
    metadata: row.metadata,
    ruleSet: row.rule_set,
  };
}
