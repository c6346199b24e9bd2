import type { Queryable } from '#libs/foundation/postgres';
import type { NewSchema, ReferenceTarget } from './insert-schema.sql.ts';

export interface AddedVersion {
  readonly id: number;
  readonly guid: string;
  /** Of the registration, ms since the epoch. */
  readonly ts: number;
  /** The context had the schema already. */
  readonly reused: boolean;
}

/**
 * Adds a version of a subject, with its schema and what that refers to unless the context has the schema already. Undefined,
 * having changed nothing, when another transaction has just added the schema: ask again, and it is there. One that has not
 * ended is waited for.
 *
 * Indexes: schema_fingerprint. Locks: the schema's row, so that it is not deleted; the new rows; the context's ids, shared,
 * when one is drawn. The caller holds the subject's lock.
 */
export async function addVersion(
  tx: Queryable,
  schema: NewSchema,
  version: { readonly subject: string; readonly version: number; readonly registeredBy: string },
  targets: readonly ReferenceTarget[],
): Promise<AddedVersion | undefined> {
  const result = await tx.query<AddedVersion>(
    `with known as (
       select s.id, s.guid from registry.schema s
       where s.context_id = $1 and s.fingerprint = $2 and s.type = $5 and not s.duplicate for key share
     ), fresh as (
       insert into registry.schema (context_id, id, fingerprint, likeness, guid, type, text, refs, metadata, rule_set)
       select $1, registry.draw_id($1), $2, $3, $4::uuid, $5, $6, $7::jsonb, $8::jsonb, $9::jsonb
       where not exists (select from known)
       on conflict do nothing returning id, guid
     ), chosen as (
       select k.id, k.guid, true as reused from known k union all select f.id, f.guid, false from fresh f
     ), referring as (
       insert into registry.schema_reference
         (context_id, schema_id, position, target_context_id, target_subject, target_version)
       select $1, f.id, t.position, t.context_id, t.subject, t.version
       from fresh f, unnest($10::integer[], $11::text[], $12::integer[])
         with ordinality t(context_id, subject, version, position)
     ), added as (
       insert into registry.subject_version (context_id, subject, version, schema_id, referencing, registered_by)
       select $1, $13, $14, c.id, jsonb_array_length($7::jsonb) > 0, $15 from chosen c
       returning floor(extract(epoch from created_at) * 1000)::float8 as ts
     )
     select c.id, c.guid, a.ts, c.reused from chosen c, added a`,
    [
      schema.contextId,
      schema.fingerprint,
      schema.likeness,
      schema.guid,
      schema.type,
      schema.text,
      JSON.stringify(schema.references),
      schema.metadata === null ? null : JSON.stringify(schema.metadata),
      schema.ruleSet === null ? null : JSON.stringify(schema.ruleSet),
      targets.map((target) => target.contextId),
      targets.map((target) => target.subject),
      targets.map((target) => target.version),
      version.subject,
      version.version,
      version.registeredBy,
    ],
  );
  return result.rows[0];
}
