import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Partitions are created ahead of the writers, by the relay's maintenance and, when the relay has been away for long, by
 * the writers themselves: a business transaction must never fail because the relay is down.
 *
 * Locks: CREATE TABLE ... LIKE takes ACCESS SHARE on the parent, ATTACH PARTITION takes SHARE UPDATE EXCLUSIVE, which
 * conflicts with neither reads nor inserts and serialises those who create. The new table carries a CHECK of its range, so ATTACH does not scan it.
 */
export class OutboxPartitions1763700001000 implements MigrationInterface {
  name = 'OutboxPartitions1763700001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create function outbox.create_partition(p_lower bigint, p_upper bigint) returns text
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        relation text := 'message_' || p_lower;
      begin
        execute format('create table outbox.%I (like outbox.message including defaults including constraints)', relation);
        execute format('alter table outbox.%I add constraint %I check (id >= %s and id < %s)',
                       relation, relation || '_range', p_lower, p_upper);
        execute format('alter table outbox.%I add constraint %I primary key (id)', relation, relation || '_pkey');
        execute format('create index %I on outbox.%I (message_id)', relation || '_message_id', relation);
        execute format('create index %I on outbox.%I (topic_id, key, id) where key is not null',
                       relation || '_topic_key', relation);
        execute format('alter table outbox.message attach partition outbox.%I for values from (%s) to (%s)',
                       relation, p_lower, p_upper);
        execute format('alter table outbox.%I drop constraint %I', relation, relation || '_range');
        insert into outbox.message_partition (lower, upper, relation) values (p_lower, p_upper, relation);
        return relation;
      end $$;

      -- The caller holds SHARE UPDATE EXCLUSIVE on outbox.message: one transaction at a time creates partitions. In
      -- REPEATABLE READ and above the list of partitions may be older than the tables, so existing tables are stepped over
      -- (the catalog functions answer by what is committed now, whatever the snapshot).
      create function outbox.extend_partitions(p_ahead integer) returns integer
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        size    bigint;
        ahead   integer;
        drawn   bigint := pg_sequence_last_value('outbox.position');
        reached bigint;
        existing regclass;
        created integer := 0;
      begin
        select s.partition_size, coalesce(p_ahead, s.partitions_ahead) into size, ahead from outbox.settings s;
        select coalesce(max(m.upper), 0) into reached from outbox.message_partition m;
        while reached <= drawn + ahead * size loop
          existing := to_regclass('outbox.message_' || reached);
          if existing is null then
            perform outbox.create_partition(reached, reached + size);
            created := created + 1;
            reached := reached + size;
          else
            reached := substring(pg_get_partition_constraintdef(existing) from 'id < ''([0-9]+)''')::bigint;
            if reached is null then
              raise exception 'table % is in the way of the next partition of outbox.message', existing using errcode = '42P07',
                hint = 'Move its rows where they belong, then drop or rename it.';
            end if;
          end if;
        end loop;
        return created;
      end $$;

      create function outbox.ensure_partitions(p_ahead integer default null) returns integer
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        begin
          -- ONLY: without it the partitions are locked too, and autovacuum of one of them would be in the way.
          lock table only outbox.message in share update exclusive mode nowait;
        exception when lock_not_available then
          return 0;
        end;
        return outbox.extend_partitions(p_ahead);
      end $$;
      comment on function outbox.ensure_partitions(integer) is
        'Creates partitions until the given number of empty ones is ahead of the writers; returns how many were created. Never waits: 0 when another transaction is at it.';

      -- Called by a writer that does not know of room for p_position; answers the end of the last partition, and sees to
      -- it that at least half a partition is free behind p_position. While there is room for p_position it neither waits nor
      -- fails. Without room it waits for the transaction that is making some (the tables of an open transaction are nobody
      -- else's yet), because the alternative is that the business transaction fails.
      create function outbox.ensure_room(p_position bigint) returns bigint
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        last outbox.message_partition;
        size bigint;
      begin
        select * into last from outbox.message_partition m order by m.lower desc limit 1;
        select s.partition_size into size from outbox.settings s;
        if last.lower is null or p_position >= last.upper then
          lock table only outbox.message in share update exclusive mode;
          perform outbox.extend_partitions(1);
          select * into last from outbox.message_partition m order by m.lower desc limit 1;
        elsif p_position + size / 2 >= last.upper then
          perform outbox.ensure_partitions(1);
          select * into last from outbox.message_partition m order by m.lower desc limit 1;
        end if;
        if p_position < last.upper then
          -- A session learns of partitions that others made when it takes a lock that its transaction did not have. Without
          -- this one it may have read of the partition above and still find none for its row.
          execute format('lock table only outbox.%I in access share mode', last.relation);
        end if;
        -- A partition that this snapshot does not list takes the row all the same.
        return greatest(last.upper, p_position + 1);
      end $$;

      select outbox.ensure_partitions();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      do $$ declare r text; begin
        for r in select relation from outbox.message_partition loop execute format('drop table outbox.%I', r); end loop;
        delete from outbox.message_partition;
      end $$;
      drop function outbox.ensure_room(bigint);
      drop function outbox.ensure_partitions(integer);
      drop function outbox.extend_partitions(integer);
      drop function outbox.create_partition(bigint, bigint);
    `);
  }
}
