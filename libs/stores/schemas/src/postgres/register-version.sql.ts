import type { Queryable } from '#libs/foundation/postgres';
import type { ChangeAuthor } from '../registry.ts';
import type { NewSchema, ReferenceTarget } from './insert-schema.sql.ts';
import { noteValues } from './record-change.sql.ts';

/** A new version of a subject, and how clients call the subject. */
export interface NewSubjectVersion {
  readonly subject: string;
  readonly version: number;
  readonly target: string;
}

/** The state that a decision rests on: while it lasts, the decision is right. */
export interface SeenState {
  /** Grows with every change but registrations. */
  readonly revision: bigint;
  /** The highest version of the subject; 0 when there is none. Grows with every registration. */
  readonly last: number;
}

export interface RegisteredVersion {
  readonly id: number;
  readonly guid: string;
  /** Of the registration, ms since the epoch. */
  readonly ts: number;
}

/**
 * Adds a version of a subject, with its schema and what that refers to unless the context has the schema already, its audit
 * entry and its message; soft-deleted versions of the same schema make way. With `seen` it is a transaction of its own that
 * takes the subject's lock first; without it the caller holds that lock. Undefined, having changed nothing, when the state is
 * another one than `seen`, or when another transaction has just added the schema: look again, and it is there. One that has
 * not ended is waited for.
 *
 * Indexes: subject_version's primary key from its end; schema_fingerprint. Locks: with `seen`, context and subject; the
 * schema's row, so that it is not deleted; the new rows; the context's ids, shared, when one is drawn; the topic's key.
 */
export async function registerVersion(
  db: Queryable,
  schema: NewSchema,
  { subject, version, target }: NewSubjectVersion,
  targets: readonly ReferenceTarget[],
  by: ChangeAuthor,
  seen?: SeenState,
): Promise<RegisteredVersion | undefined> {
  const { actor, role, via, requestId } = noteValues(by);
  const result = await db.query<{ id: number; guid: string; ts: number }>(
    `select * from registry.register_version($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
       $19, $20, $21)`,
    [
      seen?.revision ?? null,
      seen?.last ?? null,
      schema.contextId,
      subject,
      version,
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
      target,
      actor,
      role,
      via,
      requestId,
    ],
  );
  return result.rows[0];
}
