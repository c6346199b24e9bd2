import type { Queryable } from '#libs/foundation/postgres';
import type { LeaseHolder } from '../lease-holder.ts';

/** Where the sequencer of this database is, as any instance can see it. */
export interface SequencerStatus {
  readonly leader: LeaseHolder | null;
  readonly term: bigint;
  readonly cursor: bigint;
  readonly horizon: bigint;
  /** Highest position drawn by any writer, committed or not. */
  readonly lastPosition: bigint;
  /** Committed messages that are not in the log yet; exact up to 10,000, then an upper bound from positions. */
  readonly lagMessages: bigint;
  /** Age of the oldest of them. */
  readonly lagMs: number;
}

// The limit is for the planner: it guesses the rows of log.sequencer from the size of a table that is updated all the time,
// and would have the statement compiled (JIT), which takes longer than the statement.
export const SEQUENCER_STATUS = `
  select s.holder, s.holder_info, s.acquired_at, extract(epoch from s.expires_at - clock_timestamp())::float8 * 1000 as expires_in_ms,
         s.term, s.cursor, outbox.horizon() as horizon, p.last_value as last_position,
         (select count(*) from (select from outbox.message m where m.id > s.cursor order by m.id limit 10000) c) as counted,
         (select extract(epoch from clock_timestamp() - m.created_at)::float8 * 1000
          from outbox.message m where m.id > s.cursor order by m.id limit 1) as lag_ms
  from (select * from log.sequencer limit 1) s, outbox.position p`;

/** Index: primary key of outbox.message from the cursor on; counts at most 10,000 entries. Locks: none. */
export async function readSequencerStatus(db: Queryable): Promise<SequencerStatus> {
  const result = await db.query<{
    holder: string | null;
    holder_info: { host?: string; pid?: number } | null;
    acquired_at: Date;
    expires_in_ms: number;
    term: string;
    cursor: string;
    horizon: string;
    last_position: string;
    counted: string;
    lag_ms: number | null;
  }>(SEQUENCER_STATUS);
  const row = result.rows[0]!;
  const [cursor, lastPosition, counted] = [BigInt(row.cursor), BigInt(row.last_position), BigInt(row.counted)];
  const live = row.holder !== null && row.expires_in_ms > 0;
  return {
    leader: live
      ? {
          holder: row.holder!,
          host: row.holder_info?.host ?? null,
          pid: row.holder_info?.pid ?? null,
          since: row.acquired_at,
          leaseExpiresInMs: Math.round(row.expires_in_ms),
        }
      : null,
    term: BigInt(row.term),
    cursor,
    horizon: BigInt(row.horizon),
    lastPosition,
    lagMessages: counted < 10_000n ? counted : lastPosition - cursor,
    lagMs: Math.max(0, Math.round(row.lag_ms ?? 0)),
  };
}
