import type { Queryable } from '#libs/foundation/postgres';

/** How far the relay and the projection are. */
export interface Backlog {
  /** Records in all topics. */
  readonly records: number;
  /** Committed messages that are not in the log yet. */
  readonly waiting: number;
  /** True when every committed message is in the log. */
  readonly sequenced: boolean;
  /** Records that the group has not committed. */
  readonly lag: number;
}

/** Index: primary key of outbox.message; log.head is read whole (a row per partition). Locks: none. */
export async function readBacklog(db: Queryable, lagOf: () => Promise<bigint>): Promise<Backlog> {
  const { rows } = await db.query<{ records: string; waiting: string; sequenced: boolean }>(
    `select (select coalesce(sum(h.next_offset), 0) from log.head h) as records,
            (select count(*) from outbox.message m where m.id > s.cursor) as waiting, s.cursor >= p.last_value as sequenced
     from outbox.position p, log.sequencer s`,
  );
  const { records, waiting, sequenced } = rows[0]!;
  return { records: Number(records), waiting: Number(waiting), sequenced, lag: Number(await lagOf()) };
}
