import type { Queryable } from '#libs/foundation/postgres';
import type { BacklogCount, InboxBacklog } from '../inbox-backlog.ts';

/** Counting goes no further, whatever has piled up. */
const COUNT_MAX = 10_000;

interface BacklogRow {
  blocked: number;
  blocked_ms: number;
  parked: number;
  parked_ms: number;
  dead: number;
  dead_ms: number;
}

/**
 * What waits in the inbox, of all groups; counts end at 10,000. Indexes: blocked_key_by_age, the primary key of inbox.parked (the
 * first parked is the oldest, but for transactions that overlapped), failure_dead; at most 10,000 entries of each. Locks: none.
 * Runs with the rights of the owner.
 */
export async function readInboxBacklog(db: Queryable): Promise<InboxBacklog> {
  const { rows } = await db.query<BacklogRow>(
    `select (select count(*)::integer from (select from inbox.blocked_key order by blocked_at limit $1) b) as blocked,
            ${ageMs('select blocked_at from inbox.blocked_key order by blocked_at limit 1')} as blocked_ms,
            (select count(*)::integer from (select from inbox.parked order by id limit $1) p) as parked,
            ${ageMs('select parked_at from inbox.parked order by id limit 1')} as parked_ms,
            (select count(*)::integer from (select from inbox.failure where state = 'dead' order by changed_at limit $1) f) as dead,
            ${ageMs(`select changed_at from inbox.failure where state = 'dead' order by changed_at limit 1`)} as dead_ms`,
    [COUNT_MAX],
  );
  const row = rows[0]!;
  const of = (count: number, oldestMs: number): BacklogCount => ({ count, oldestMs });
  return {
    blockedKeys: of(row.blocked, row.blocked_ms),
    parkedMessages: of(row.parked, row.parked_ms),
    deadMessages: of(row.dead, row.dead_ms),
  };
}

const ageMs = (oldest: string): string =>
  `coalesce(greatest(0, extract(epoch from clock_timestamp() - (${oldest})) * 1000), 0)::float8`;
