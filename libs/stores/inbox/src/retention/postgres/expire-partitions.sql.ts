import type { Queryable } from '#libs/foundation/postgres';
import type { DropProgress } from '../drop-step.ts';
import type { ExpiredPartition } from '../inbox-retention.ts';

/** Creates partitions ahead. Locks inbox.handled SHARE UPDATE EXCLUSIVE, which no handler minds, or creates none. */
export async function ensurePartitions(db: Queryable): Promise<number> {
  const result = await db.query<{ created: number }>('select inbox.ensure_partitions() as created');
  return result.rows[0]!.created;
}

/**
 * Marks what ended longer ago than rows are kept; a drop that has begun goes on although the setting is raised, because its
 * rows are not looked at any more. The table is small; locks the rows it marks.
 */
export async function markExpired(db: Queryable): Promise<void> {
  await db.query(
    `update inbox.handled_partition p set dropping_since = clock_timestamp()
     from inbox.settings s
     where p.dropping_since is null and p.upper < clock_timestamp() - s.keep_ms * interval '1 ms'`,
  );
}

/** The partitions that are marked; the table and the catalog entries are small. Locks: none. */
export async function readMarked(db: Queryable): Promise<ExpiredPartition[]> {
  const result = await db.query<{ relation: string; progress: DropProgress }>(
    `select p.relation,
            case when c.oid is null then 'absent' when i.inhrelid is null then 'detached'
                 when i.inhdetachpending then 'detaching' else 'attached' end as progress
     from inbox.handled_partition p
     left join pg_class c on c.relname = p.relation and c.relnamespace = 'inbox'::regnamespace
     left join pg_inherits i on i.inhrelid = c.oid and i.inhparent = 'inbox.handled'::regclass
     where p.dropping_since is not null
     order by p.lower`,
  );
  return result.rows;
}

/** The last trace of a dropped partition. Locks one row. */
export async function forgetPartition(db: Queryable, relation: string): Promise<'done'> {
  await db.query('delete from inbox.handled_partition where relation = $1 and dropping_since is not null', [relation]);
  return 'done';
}
