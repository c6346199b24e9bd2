import type { Queryable } from '#libs/foundation/postgres';
import type { ChangeAuthor } from '../registry.ts';

/** Where changes of the registry are announced, as registry.note_change does it; the key of a message is the subject. */
export const CHANGES_TOPIC = 'schema-changes';

export interface Change {
  /** What was done, as `noun.verb`: `schema.register`. */
  readonly action: string;
  /** The subject or context, as clients see it. */
  readonly target: string;
  /** What the audit and the message say about it; never texts of schemas, which have no place in a message. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Bytes of a detail; a larger one is replaced by its size, so that no change fails for what is said about it. */
const DETAIL_BYTES_MAX = 262_144;

/**
 * The audit entry and the message of a change, in its transaction. Locks: the new rows, and the topic's key until the
 * transaction ends. Throws TOPIC_UNKNOWN when the topic is missing: see ensureChangesTopic.
 */
export async function recordChange(tx: Queryable, change: Change, by: ChangeAuthor): Promise<void> {
  const { actor, role, via, requestId } = noteValues(by);
  const detail = boundedDetail(change.detail);
  await tx.query('select registry.note_change($1, $2, $3, $4, $5, $6, $7)', [
    actor,
    role,
    via,
    change.action,
    change.target,
    detail,
    requestId,
  ]);
}

/** An author as registry.note_change takes it. */
export function noteValues({ actor, role, via, requestId }: ChangeAuthor) {
  return { actor, role: role ?? 'service', via: via ?? 'registry', requestId: requestId ?? '' };
}

function boundedDetail(detail: Change['detail']): string {
  const text = JSON.stringify(detail);
  const bytes = Buffer.byteLength(text);
  return bytes <= DETAIL_BYTES_MAX ? text : JSON.stringify({ omitted: `${bytes} bytes` });
}

/** Creates the topic when it is missing. Index: topic(name). Locks the new row; of two at once the second finds it there. */
export async function ensureChangesTopic(db: Queryable): Promise<void> {
  await db.query(
    `insert into outbox.topic (name) select '${CHANGES_TOPIC}'
     where not exists (select from outbox.topic t where t.name = '${CHANGES_TOPIC}') on conflict (name) do nothing`,
  );
}

/** Tells all processes to forget what they keep. Locks the one row until the transaction ends: the last step of a change. */
export async function bumpRevision(tx: Queryable): Promise<void> {
  await tx.query('update registry.revision set number = number + 1');
}
