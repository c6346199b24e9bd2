import type { Queryable } from '#libs/foundation/postgres';
import type { Metadata, RuleSet, SchemaReference, SchemaType } from '#libs/formats/schema';

export interface NewSchema {
  readonly contextId: number;
  readonly fingerprint: Buffer;
  readonly likeness: Buffer;
  readonly guid: string;
  readonly type: SchemaType;
  readonly text: string;
  readonly references: readonly SchemaReference[];
  readonly metadata: Metadata | null;
  readonly ruleSet: RuleSet | null;
}

/** What a reference points at. */
export interface ReferenceTarget {
  readonly contextId: number;
  readonly subject: string;
  readonly version: number;
}

/**
 * Adds a schema under an id. False when another transaction has just added it; one that has not ended is waited for. Locks
 * the new row.
 */
export async function insertSchema(tx: Queryable, schema: NewSchema, id: number, duplicate: boolean): Promise<boolean> {
  const result = await tx.query(
    `insert into registry.schema
       (context_id, id, fingerprint, likeness, guid, duplicate, type, text, refs, metadata, rule_set)
     values ($1, $2, $3, $4, $5::uuid, $6, $7, $8, $9::jsonb, $10::jsonb, $11::jsonb)
     on conflict do nothing`,
    [
      schema.contextId,
      id,
      schema.fingerprint,
      schema.likeness,
      schema.guid,
      duplicate,
      schema.type,
      schema.text,
      JSON.stringify(schema.references),
      schema.metadata === null ? null : JSON.stringify(schema.metadata),
      schema.ruleSet === null ? null : JSON.stringify(schema.ruleSet),
    ],
  );
  return result.rowCount === 1;
}

/** Notes what a new schema refers to. Locks the new rows. */
export async function insertReferences(
  tx: Queryable,
  contextId: number,
  schemaId: number,
  targets: readonly ReferenceTarget[],
): Promise<void> {
  await tx.query(
    `insert into registry.schema_reference
       (context_id, schema_id, position, target_context_id, target_subject, target_version)
     select $1, $2, t.position, t.context_id, t.subject, t.version
     from unnest($3::integer[], $4::text[], $5::integer[]) with ordinality t(context_id, subject, version, position)`,
    [
      contextId,
      schemaId,
      targets.map((target) => target.contextId),
      targets.map((target) => target.subject),
      targets.map((target) => target.version),
    ],
  );
}
