import type { Queryable } from '#libs/foundation/postgres';

/** How far the relay and the readers are. */
export interface Backlog {
  /** Records in all topics. */
  readonly records: number;
  /** Committed messages that are not in the log yet. */
  readonly waiting: number;
  /** True when every committed message is in the log. */
  readonly sequenced: boolean;
  /** Records that the read model's group has not committed. */
  readonly toRead: number;
  /** Records that the shipping group has not committed, those that wait in its retry topic included. */
  readonly toShip: number;
}

/** Records that a group has not committed. */
export interface Lags {
  readonly readModel: () => Promise<bigint>;
  readonly shipping: () => Promise<bigint>;
}

/** Index: primary key of outbox.message; log.head is read whole (a row per partition). Locks: none. */
export async function readBacklog(db: Queryable, lags: Lags): Promise<Backlog> {
  const { rows } = await db.query<{ records: string; waiting: string; sequenced: boolean }>(
    `select (select coalesce(sum(h.next_offset), 0) from log.head h) as records,
            (select count(*) from outbox.message m where m.id > s.cursor) as waiting, s.cursor >= p.last_value as sequenced
     from outbox.position p, log.sequencer s`,
  );
  const { records, waiting, sequenced } = rows[0]!;
  const [toRead, toShip] = [Number(await lags.readModel()), Number(await lags.shipping())];
  return { records: Number(records), waiting: Number(waiting), sequenced, toRead, toShip };
}

/**
 * Whether nothing was left to do between two looks, the later one second. One look is not enough: shipping writes messages
 * itself, which may have come between the look at the log and that at the groups. When the log was whole both times and has
 * not grown, the groups were at the end of all there was.
 */
export function atRest(before: Backlog | undefined, now: Backlog): boolean {
  const idle = (look: Backlog): boolean => look.sequenced && look.toRead === 0 && look.toShip === 0;
  return before !== undefined && idle(before) && idle(now) && before.records === now.records;
}
