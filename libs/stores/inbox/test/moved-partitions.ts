import type { Queryable } from '#libs/foundation/postgres';

/** Empties the inbox, and gives it partitions that meet at the given distances from now, in ms. */
export async function partitionsAt(db: Queryable, ...bounds: readonly number[]): Promise<void> {
  await db.query(`
    do $$
    declare
      r text;
      now constant timestamptz := clock_timestamp();
      bounds constant integer[] := '{${bounds.join(',')}}';
    begin
      for r in select relation from inbox.handled_partition loop execute format('drop table inbox.%I', r); end loop;
      delete from inbox.handled_partition;
      for i in 2..cardinality(bounds) loop
        perform inbox.create_partition(now + bounds[i - 1] * interval '1 ms', now + bounds[i] * interval '1 ms');
      end loop;
    end $$`);
}

/** Lets everything that is in the inbox have been handled `ms` earlier: its partitions move with it, and are renamed. */
export async function age(db: Queryable, ms: number): Promise<void> {
  await db.query(`
    do $$
    declare
      p inbox.handled_partition;
      moved inbox.handled_partition[];
      shift constant interval := ${ms} * interval '1 ms';
    begin
      select array_agg(h) into moved from inbox.handled_partition h;
      delete from inbox.handled_partition;
      foreach p in array moved loop
        execute format('alter table inbox.handled detach partition inbox.%I', p.relation);
      end loop;
      foreach p in array moved loop
        execute format('update inbox.%I set handled_at = handled_at - %L::interval', p.relation, shift);
        execute format('alter table inbox.handled attach partition inbox.%I for values from (%L) to (%L)',
                       p.relation, p.lower - shift, p.upper - shift);
        execute format('alter index inbox.%I rename to %I', p.relation || '_key', 'aged_' || md5(p.relation) || '_key');
        execute format('alter table inbox.%I rename to %I', p.relation, 'aged_' || md5(p.relation));
        insert into inbox.handled_partition (lower, upper, relation)
        values (p.lower - shift, p.upper - shift, 'aged_' || md5(p.relation));
      end loop;
    end $$`);
}
