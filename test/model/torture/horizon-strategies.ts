import type { Database } from '#libs/foundation/postgres';

/** One message as a reader saw it. */
export interface Seen {
  readonly position: bigint;
  readonly key: string | null;
  /** Which change of the aggregate it is; null for messages without a key. */
  readonly version: bigint | null;
}

/** Reads what is new since the last call; keeps its own cursor. */
export type Poll = (db: Database) => Promise<readonly Seen[]>;

/** A way of reading a table whose numbers are drawn before commit. Each call makes a reader that starts at the beginning. */
export type HorizonStrategy = () => Poll;

const LIMIT = 2_000;
const COLUMNS = `m.id, convert_from(m.key, 'UTF8') as key, c.version, public.xid_of(m.payload) as xid`;
const FROM = 'outbox.message m left join public.change c using (message_id)';

interface Row {
  id: string;
  key: string | null;
  version: string | null;
  xid: string;
}

const seen = (row: Row): Seen => ({
  position: BigInt(row.id),
  key: row.key,
  version: row.version === null ? null : BigInt(row.version),
});

/** A reader that trusts a horizon: everything up to it, in order of position. */
function upToHorizon(horizonSql: string): HorizonStrategy {
  return () => {
    let cursor = 0n;
    return async (db) => {
      const answer = await db.query<{ horizon: string }>(horizonSql);
      const horizon = BigInt(answer.rows[0]!.horizon);
      if (horizon <= cursor) return [];
      const rows = await db.query<Row>(
        `select ${COLUMNS} from ${FROM} where m.id > $1 and m.id <= $2 order by m.id limit ${LIMIT}`,
        [cursor, horizon],
      );
      cursor = rows.rows.length === LIMIT ? BigInt(rows.rows.at(-1)!.id) : horizon;
      return rows.rows.map(seen);
    };
  };
}

/** The design: the fences of the writers bound the horizon. */
export const fencedHorizon = upToHorizon('select outbox.horizon() as horizon');

/** Wrong: numbers are drawn before commit, so the highest one says nothing about those below it. */
export const lastValueHorizon = upToHorizon(`select pg_sequence_last_value('outbox.position') as horizon`);

/** Wrong: `xid < pg_snapshot_xmin(...) order by xid, id`. Nothing is lost, but the order of xids is not the order of causes. */
export const xminWindow: HorizonStrategy = () => {
  let [xid, id] = [0n, 0n];
  const column = 'public.xid_of(m.payload)';
  return async (db) => {
    const rows = await db.query<Row>(
      `select ${COLUMNS} from ${FROM}
       where (${column}, m.id) > ($1, $2) and ${column} < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
       order by ${column}, m.id limit ${LIMIT}`,
      [xid, id],
    );
    const last = rows.rows.at(-1);
    if (last !== undefined) [xid, id] = [BigInt(last.xid), BigInt(last.id)];
    return rows.rows.map(seen);
  };
};

/** Wrong: a missing number is taken for a rollback once it has been missing for `timeoutMs`. */
export function gapTimeout(timeoutMs: number, now: () => number): HorizonStrategy {
  return () => {
    let cursor = 0n;
    let waitingSince: number | undefined;
    return async (db) => {
      const rows = await db.query<Row>(`select ${COLUMNS} from ${FROM} where m.id > $1 order by m.id limit ${LIMIT}`, [
        cursor,
      ]);
      const taken: Seen[] = [];
      for (const row of rows.rows) {
        const position = BigInt(row.id);
        if (position !== cursor + 1n) {
          waitingSince ??= now();
          if (now() - waitingSince < timeoutMs) break;
        }
        waitingSince = undefined;
        cursor = position;
        taken.push(seen(row));
      }
      return taken;
    };
  };
}
