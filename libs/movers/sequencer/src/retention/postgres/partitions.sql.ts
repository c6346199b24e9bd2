import type { Queryable } from '#libs/foundation/postgres';
import type { DropProgress } from '../drop-progress.ts';
import type { RegisteredPartition } from '../retention-store.ts';

/** Creates partitions ahead. Locks outbox.message SHARE UPDATE EXCLUSIVE, which no writer minds, or creates none. */
export async function ensurePartitions(db: Queryable): Promise<number> {
  const result = await db.query<{ created: number }>('select outbox.ensure_partitions() as created');
  return result.rows[0]!.created;
}

/** All registered partitions; the table and the catalog entries are small. Locks: none. */
export async function readPartitions(db: Queryable): Promise<RegisteredPartition[]> {
  const result = await db.query<{
    lower: string;
    upper: string;
    relation: string;
    progress: DropProgress;
    marked_for_ms: number | null;
  }>(
    `select p.lower, p.upper, p.relation,
            case when c.oid is null then 'absent' when i.inhrelid is null then 'detached'
                 when i.inhdetachpending then 'detaching' else 'attached' end as progress,
            extract(epoch from clock_timestamp() - p.dropping_since)::float8 * 1000 as marked_for_ms
     from outbox.message_partition p
     left join pg_class c on c.relname = p.relation and c.relnamespace = 'outbox'::regnamespace
     left join pg_inherits i on i.inhrelid = c.oid and i.inhparent = 'outbox.message'::regclass
     order by p.lower`,
  );
  return result.rows.map((row) => ({
    lower: BigInt(row.lower),
    upper: BigInt(row.upper),
    relation: row.relation,
    progress: row.progress,
    markedForMs: row.marked_for_ms,
  }));
}

/** The last trace of a dropped partition. Locks one row. */
export async function forgetPartition(db: Queryable, lower: bigint): Promise<void> {
  await db.query('delete from outbox.message_partition where lower = $1 and dropping_since is not null', [lower]);
}
