import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Partitions are created ahead of the writers, by the relay's maintenance and, when the relay has been away for long, by
 * the writers themselves: a business transaction must never fail because the relay is down.
 *
 * Locks: CREATE TABLE ... LIKE takes ACCESS SHARE on the parent, ATTACH PARTITION takes SHARE UPDATE EXCLUSIVE, which
 * conflicts with neither reads nor inserts. The new table carries a CHECK of its range, so ATTACH does not scan it.
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

      create function outbox.ensure_partitions(p_ahead integer default null) returns integer
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        size    bigint;
        ahead   integer;
        drawn   bigint;
        reached bigint;
        created integer := 0;
      begin
        -- One at a time; transaction-level, so that a rollback of the caller gives it back together with the tables.
        if not pg_try_advisory_xact_lock(${PARTITION_LOCK}) then
          return 0;
        end if;
        select s.partition_size, coalesce(p_ahead, s.partitions_ahead) into size, ahead from outbox.settings s;
        select p.last_value into drawn from outbox.position p;
        select coalesce(max(m.upper), 0) into reached from outbox.message_partition m;
        while reached <= drawn + ahead * size loop
          perform outbox.create_partition(reached, reached + size);
          reached := reached + size;
          created := created + 1;
        end loop;
        return created;
      end $$;
      comment on function outbox.ensure_partitions(integer) is
        'Creates partitions until the given number of empty ones is ahead of the writers; returns how many were created.';

      -- Called by writers once every 256 messages. Does nothing unless less than half a partition of room is left, and
      -- never waits or fails: the caller is a business transaction, and a later one tries again.
      create function outbox.ensure_room(p_position bigint) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        reached bigint;
        size    bigint;
      begin
        select coalesce(max(m.upper), 0) into reached from outbox.message_partition m;
        select s.partition_size into size from outbox.settings s;
        if p_position + size / 2 < reached then
          return;
        end if;
        begin
          lock table outbox.message in share update exclusive mode nowait;
          perform outbox.ensure_partitions(1);
        exception when lock_not_available or duplicate_table or unique_violation then
          null;
        end;
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
      drop function outbox.create_partition(bigint, bigint);
    `);
  }
}

/** Key of the advisory lock under which partitions are created: tag 'tm', kind 3 (the emit migration draws the layout). */
const PARTITION_LOCK = '8389414457419235328';
