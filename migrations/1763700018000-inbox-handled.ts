import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantConsumer, HANDLED_FUNCTIONS } from './inbox-grants.sql.ts';

/**
 * The inbox: which messages a group has handled, written in the transaction of the handler.
 *
 * inbox.handled is range-partitioned by time, so that rows go by dropping a partition; a unique index can therefore hold
 * within a partition only. What keeps two deliveries of a message apart that fall into two partitions:
 *
 *  - A row is written to every partition that the time from `overlap` before now to `overlap` after it touches: two, near
 *    midnight. Two calls at most 2 x overlap apart have a partition in common, and its unique index lets one of them pass.
 *  - All other partitions are read. A transaction older than transaction_max is refused, when it calls and again when it
 *    commits (a deferred trigger), so one that called more than 2 x overlap ago has ended before this one began: its row is
 *    visible, in READ COMMITTED as in REPEATABLE READ. (2 x overlap >= 2 x transaction_max and half as much again.)
 *
 * Only the clock of Postgres takes part, and it may jump by what is to spare: 2 x (overlap - transaction_max), 10 minutes.
 * The refusal at the commit can be got around by SET CONSTRAINTS ALL IMMEDIATE, and does not know when a prepared
 * transaction is committed; whoever does either ends the transaction within the ten minutes by himself.
 *
 * Locks. Rows are inserted partition by partition from the oldest on, ids ascending, so two calls cannot deadlock. Whoever
 * makes a partition holds SHARE UPDATE EXCLUSIVE on inbox.handled, which no handler minds.
 */
export class InboxHandled1763700018000 implements MigrationInterface {
  name = 'InboxHandled1763700018000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(PARTITIONS);
    await runner.query(TRANSACTION_LIMIT);
    await runner.query(MARK_HANDLED);
    await runner.query('revoke all on all functions in schema inbox from public');
    await runner.query(grantConsumer(HANDLED_FUNCTIONS));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema inbox cascade');
  }
}

const TABLES = /* sql */ `
  create schema inbox;
  comment on schema inbox is 'Tidemark: what consumer groups have handled, and what they could not handle.';

  create table inbox.settings (
    singleton          boolean primary key default true check (singleton),
    keep_ms            bigint  not null default 604800000,
    partition_ms       bigint  not null default 86400000 check (partition_ms % 1000 = 0),
    partitions_ahead   integer not null default 2 check (partitions_ahead between 1 and 1000),
    overlap_ms         bigint  not null default 900000,
    transaction_max_ms bigint  not null default 600000 check (transaction_max_ms between 100 and 86400000),
    check (overlap_ms * 2 >= transaction_max_ms * 3),
    check (partition_ms >= overlap_ms),
    check (keep_ms >= overlap_ms * 2)
  );
  insert into inbox.settings default values;
  comment on column inbox.settings.keep_ms is 'A message that comes again within this time after it was handled is skipped; default 7 days.';
  comment on column inbox.settings.partition_ms is 'Time per partition of inbox.handled, default 1 day; applies to partitions created from now on.';
  comment on column inbox.settings.partitions_ahead is 'Empty partitions kept ready ahead of the consumers.';
  comment on column inbox.settings.overlap_ms is 'Rows are written to each partition that is this near. Change it while no consumer runs.';
  comment on column inbox.settings.transaction_max_ms is 'A transaction that handles messages and has been open for longer is refused. Change it while no consumer runs.';

  create table inbox.handled (
    handled_at timestamptz not null,
    message_id uuid not null,
    group_name text collate "C" not null
  ) partition by range (handled_at);
  comment on table inbox.handled is
    'Messages whose effects are committed, by group. Near the end of a partition a row stands in both; handled_at is then the end of the one that it is not in by its own time.';

  create table inbox.handled_partition (
    lower          timestamptz primary key,
    upper          timestamptz not null check (upper > lower),
    relation       text not null,
    created_at     timestamptz not null default clock_timestamp(),
    dropping_since timestamptz
  );
  comment on table inbox.handled_partition is 'Partitions of inbox.handled: from lower (inclusive) to upper (exclusive).';

  create table inbox.retention_lease (
    singleton  boolean primary key default true check (singleton),
    holder     text,
    expires_at timestamptz
  );
  insert into inbox.retention_lease default values;
  comment on table inbox.retention_lease is
    'Whose turn it is to drop partitions. Two at once would get in each other''s way, but break nothing.';
`;

const PARTITIONS = /* sql */ `
  create function inbox.create_partition(p_lower timestamptz, p_upper timestamptz) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    relation text := 'handled_' || to_char(p_lower at time zone 'UTC', 'YYYYMMDD_HH24MISS');
  begin
    execute format('create table inbox.%I (like inbox.handled)', relation);
    execute format('alter table inbox.%I add constraint %I unique (group_name, message_id)', relation, relation || '_key');
    execute format('alter table inbox.handled attach partition inbox.%I for values from (%L) to (%L)', relation, p_lower, p_upper);
    insert into inbox.handled_partition (lower, upper, relation) values (p_lower, p_upper, relation);
    return relation;
  end $$;

  -- Makes the partitions that are missing between two times. They end where a multiple of their width since 1970 does (days:
  -- at midnight UTC), or at their neighbours. The caller holds SHARE UPDATE EXCLUSIVE on inbox.handled.
  create function inbox.cover(p_from timestamptz, p_to timestamptz) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    v_width   bigint := (select s.partition_ms / 1000 from inbox.settings s);
    v_at      timestamptz := p_from;
    v_before  inbox.handled_partition;
    v_lower   timestamptz;
    v_upper   timestamptz;
    v_created integer := 0;
  begin
    while v_at < p_to loop
      select * into v_before from inbox.handled_partition p where p.lower <= v_at order by p.lower desc limit 1;
      if v_before.upper > v_at then
        v_at := v_before.upper;
        continue;
      end if;
      v_lower := to_timestamp(floor(extract(epoch from v_at) / v_width) * v_width);
      v_upper := least(v_lower + v_width * interval '1 second',
        (select p.lower from inbox.handled_partition p where p.lower > v_at order by p.lower limit 1));
      v_lower := greatest(v_lower, v_before.upper);
      if to_regclass('inbox.handled_' || to_char(v_lower at time zone 'UTC', 'YYYYMMDD_HH24MISS')) is not null then
        -- REPEATABLE READ and above: the list is older than the tables.
        raise exception 'the partitions of inbox.handled have changed since this transaction began' using errcode = '40001',
          hint = 'Run the transaction again.';
      end if;
      perform inbox.create_partition(v_lower, v_upper);
      v_created := v_created + 1;
      v_at := v_upper;
    end loop;
    return v_created;
  end $$;

  create function inbox.ensure_partitions(p_ahead integer default null) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    s inbox.settings;
  begin
    begin
      -- ONLY: without it the partitions are locked too, and autovacuum of one of them would be in the way.
      lock table only inbox.handled in share update exclusive mode nowait;
    exception when lock_not_available then
      return 0;
    end;
    select * into s from inbox.settings;
    return inbox.cover(clock_timestamp() - s.overlap_ms * interval '1 ms', clock_timestamp()
      + (s.overlap_ms + s.partition_ms * coalesce(p_ahead, s.partitions_ahead)) * interval '1 ms');
  end $$;
  comment on function inbox.ensure_partitions(integer) is
    'Creates partitions until the given number of empty ones is ahead; returns how many were created. Never waits: 0 when another transaction is at it.';

  select inbox.ensure_partitions();
`;

const TRANSACTION_LIMIT = /* sql */ `
  create function inbox.refuse_late(p_group text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    v_max interval := (select s.transaction_max_ms * interval '1 ms' from inbox.settings s);
    v_age interval := clock_timestamp() - transaction_timestamp();
  begin
    if v_age > v_max then
      raise exception 'group %: the transaction that handles messages has been open for % s', p_group, round(extract(epoch from v_age), 1)
        using errcode = 'TM020', hint = format('Its effects are undone. Handle messages in transactions of at most %s s.', extract(epoch from v_max)::float8);
    end if;
  end $$;

  -- Runs once per row at the commit, so what nearly every transaction needs is one comparison: no limit is below 100 ms.
  create function inbox.refuse_late_commit() returns trigger language plpgsql as $$
  begin
    if clock_timestamp() - transaction_timestamp() > interval '100 ms' then
      perform inbox.refuse_late(new.group_name);
    end if;
    return null;
  end $$;
  create constraint trigger refuse_late_commit after insert on inbox.handled
    deferrable initially deferred for each row execute function inbox.refuse_late_commit();
`;

const MARK_HANDLED = /* sql */ `
  -- Marks messages as handled by a group, in the transaction of their effects, and answers those that were not yet. Waits for
  -- the transactions that are handling one of them at the moment. Several calls in one transaction may deadlock with those of
  -- another; one call never does. The settings: plans use the indexes although a partition is small
  -- when they are made, are made once, and are not compiled (which the price of the forbidden scans would ask for, at 100 ms a call).
  create function inbox.mark_handled(p_group text, p_ids uuid[]) returns setof uuid
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan as $$
  declare
    v_now   constant timestamptz := clock_timestamp();
    s       inbox.settings;
    v_from  timestamptz;
    v_to    timestamptz;
    near    record;
    v_fresh uuid[];
    v_at    timestamptz;
    v_name  text;
  begin
    if p_group is null or length(p_group) not between 1 and 249 then
      raise exception 'a group must have a name of 1 to 249 characters' using errcode = 'TM021';
    elsif p_ids is null or cardinality(p_ids) > 10000 or array_position(p_ids, null) is not null then
      raise exception 'group %: message ids must be an array of at most 10000, none of them null', p_group using errcode = 'TM021';
    end if;
    select * into s from inbox.settings;
    v_from := v_now - s.overlap_ms * interval '1 ms';
    v_to := v_now + s.overlap_ms * interval '1 ms';
    if v_now - transaction_timestamp() > s.transaction_max_ms * interval '1 ms' then
      perform inbox.refuse_late(p_group);
    end if;

    for attempt in 1..2 loop
      select sum(least(p.upper, v_to) - greatest(p.lower, v_from)) = v_to - v_from as covered, min(p.lower) as lower, max(p.upper) as upper,
             array_agg(greatest(p.lower, least(v_now, p.upper - interval '1 us')) order by p.lower) as times,
             array_agg(p.relation order by p.lower) as relations
      into near from inbox.handled_partition p where p.lower < v_to and p.upper > v_from;
      exit when near.covered;
      -- Nobody has made them ahead. Waits for whoever is making them (the tables of an open transaction are nobody else's yet).
      lock table only inbox.handled in share update exclusive mode;
      perform inbox.cover(v_from, v_to);
    end loop;
    if near.covered is not true then
      raise exception 'inbox.handled has no partition for now' using errcode = '40001', hint = 'Run the transaction again.';
    end if;
    if not exists (select from inbox.handled_partition p where p.upper > v_to + s.partition_ms / 2 * interval '1 ms') then
      perform inbox.ensure_partitions(1);
    end if;
    if cardinality(near.relations) > 1 then
      foreach v_name in array near.relations loop
        -- A session learns of partitions that others made when it takes a lock that its transaction did not have.
        execute format('lock table only inbox.%I in access share mode', v_name);
      end loop;
    end if;

    select array_agg(f.id order by f.id) into v_fresh from (
      select i.id from unnest(p_ids) i(id)
      except
      select h.message_id from inbox.handled h
      where h.group_name = p_group and h.message_id = any (p_ids) and (h.handled_at < near.lower or h.handled_at >= near.upper)
    ) f;
    foreach v_at in array near.times loop
      exit when v_fresh is null;
      with written as (
        insert into inbox.handled (handled_at, message_id, group_name)
        select v_at, f.id, p_group from unnest(v_fresh) f(id) order by f.id
        on conflict do nothing returning message_id
      )
      select array_agg(w.message_id order by w.message_id) into v_fresh from written w;
    end loop;
    return query select unnest(v_fresh);
  end $$;
  comment on function inbox.mark_handled(text, uuid[]) is
    'Marks messages as handled by a group in the current transaction and returns those that were not handled before.';
`;
