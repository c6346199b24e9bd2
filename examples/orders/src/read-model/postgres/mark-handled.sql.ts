import type { Queryable } from '#libs/foundation/postgres';

/**
 * Marks messages as handled and answers those that were not before. Index: primary key of handled_message. Locks: the new
 * rows, in order of id, so that two members with the same messages do not wait for each other.
 */
export async function markHandled(tx: Queryable, messageIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ message_id: string }>(
    `insert into orders_view.handled_message (message_id)
     select id from unnest($1::uuid[]) as id order by id
     on conflict do nothing
     returning message_id`,
    [messageIds],
  );
  return new Set(rows.map((row) => row.message_id));
}
