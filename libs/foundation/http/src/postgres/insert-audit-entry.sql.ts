import type { Queryable } from '#libs/foundation/postgres';
import type { Actor } from '../auth/actor.ts';

export interface AuditEntry {
  readonly actor: Actor;
  /** What was done, as `noun.verb`: `topic.create`. */
  readonly action: string;
  /** To what: the name of a topic, group, or the like. */
  readonly target: string;
  /** The settings that were chosen. Never payloads or secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

/** Adds one entry. No index is read; takes no lock beyond the inserted row. */
export async function insertAuditEntry(tx: Queryable, entry: AuditEntry): Promise<void> {
  await tx.query(
    `insert into audit.entry (actor, role, via, action, target, detail, request_id)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7)`,
    [
      entry.actor.name,
      entry.actor.role,
      entry.actor.via,
      entry.action,
      entry.target,
      JSON.stringify(entry.detail ?? {}),
      entry.requestId,
    ],
  );
}
