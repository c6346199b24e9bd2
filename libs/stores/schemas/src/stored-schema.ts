import type { Metadata, RuleSet, SchemaReference, SchemaType } from '#libs/formats/schema';

/** A schema as it rests in Postgres; never changes under its id. */
export interface StoredSchema {
  readonly contextId: number;
  /** `.` or `.name`. */
  readonly context: string;
  readonly id: number;
  readonly guid: string;
  readonly type: SchemaType;
  /** Canonical. */
  readonly text: string;
  readonly references: readonly SchemaReference[];
  readonly metadata: Metadata | null;
  readonly ruleSet: RuleSet | null;
}

/** One version of a subject with its schema. */
export interface StoredVersion extends StoredSchema {
  /** Without its context. */
  readonly subject: string;
  readonly version: number;
  readonly deleted: boolean;
  /** Of the registration, ms since the epoch. */
  readonly ts: number;
}

/** Bytes that a stored schema takes in memory, roughly: two per character of its texts and a part for the objects. */
export function weightOf(schema: StoredSchema): number {
  let weight = 600 + 2 * schema.text.length;
  for (const reference of schema.references) weight += 100 + 2 * (reference.name.length + reference.subject.length);
  if (schema.metadata !== null) weight += 2 * JSON.stringify(schema.metadata).length;
  if (schema.ruleSet !== null) weight += 2 * JSON.stringify(schema.ruleSet).length;
  return weight;
}
