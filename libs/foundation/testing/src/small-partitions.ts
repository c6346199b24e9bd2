import type { Queryable } from '#libs/foundation/postgres';

/**
 * Replaces the partitions of an unused outbox by ones of `size` messages (at least 1,000), so that a test reaches their
 * ends. `ahead`: how many partitions exist beyond the first one.
 */
export async function smallPartitions(db: Queryable, size: number, ahead: number): Promise<void> {
  await db.query(`
    do $$ declare r text; begin
      if exists (select from outbox.message) then raise exception 'the outbox is in use'; end if;
      for r in select relation from outbox.message_partition loop execute format('drop table outbox.%I', r); end loop;
      delete from outbox.message_partition;
      update outbox.settings set partition_size = ${size}, partitions_ahead = ${ahead};
      perform outbox.ensure_partitions();
    end $$`);
}
