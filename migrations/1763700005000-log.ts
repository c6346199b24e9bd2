import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The log: which message is at which offset of which partition.
 *
 * One row of log.batch is a run of records of one partition, appended in one step of the sequencer. It holds the
 * positions of the messages, not the messages: appending it costs about ten bytes a message, where a status column would
 * rewrite each of them. Nothing about a record changes after its batch is committed.
 */
export class Log1763700005000 implements MigrationInterface {
  name = 'Log1763700005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(COMMIT_STEP);
    await runner.query(LEASE);
    await runner.query('revoke all on all functions in schema log from public');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema log cascade');
  }
}

const TABLES = /* sql */ `
  create schema log;
  comment on schema log is 'Tidemark: the order of messages in their topics, and how far readers have come.';

  -- The lease, the term and the cursor of the sequencer in one row, so that one WHERE clause fences all of them.
  create table log.sequencer (
    singleton   boolean primary key default true check (singleton),
    cursor      bigint not null default 0,
    term        bigint not null default 0,
    holder      text,
    holder_info jsonb,
    acquired_at timestamptz,
    expires_at  timestamptz
  ) with (fillfactor = 50);
  insert into log.sequencer default values;
  comment on column log.sequencer.cursor is 'Every message up to this position is in log.batch.';
  comment on column log.sequencer.term is 'Grows with each change of leader; a step commits only under the term it was made in.';

  create table log.head (
    topic_id     integer not null,
    partition    integer not null,
    start_offset bigint  not null default 0,
    next_offset  bigint  not null default 0,
    last_position bigint not null default 0,
    time_high    timestamptz,
    primary key (topic_id, partition)
  ) with (fillfactor = 50);
  comment on table log.head is 'Ends of each partition: records from start_offset (inclusive) to next_offset (exclusive) can be read.';

  create table log.batch (
    topic_id     integer     not null,
    partition    integer     not null,
    base_offset  bigint      not null,
    records      integer     not null check (records > 0),
    bytes        bigint      not null,
    step         bigint      not null,
    first_time   timestamptz not null,
    last_time    timestamptz not null,
    time_high    timestamptz not null,
    sequenced_at timestamptz not null default clock_timestamp(),
    placeholders integer     not null default 0,
    positions    bigint[]    not null,
    primary key (topic_id, partition, base_offset)
  );
  create index batch_topic_step on log.batch (topic_id, step);
  create index batch_time on log.batch (topic_id, partition, time_high);
  comment on column log.batch.bytes is 'Bytes of key, payload and headers of all records.';
  comment on column log.batch.step is 'The cursor after the step that appended the batch: the message at position p is in the first step that is not below p.';
  comment on column log.batch.time_high is 'Highest time up to the end of this batch, so that it never falls along the partition.';
  comment on column log.batch.positions is 'Position of each record, ascending: offset = base_offset + index.';

  create table log.placeholder (
    topic_id    integer not null,
    partition   integer not null,
    "offset"    bigint  not null,
    position    bigint  not null,
    reason      text    not null,
    detail      text    not null,
    created_at  timestamptz not null default clock_timestamp(),
    primary key (topic_id, partition, "offset")
  );
  comment on table log.placeholder is 'Records whose message cannot be sent anywhere: a placeholder stands at their offset, the message stays in the outbox.';
`;

const COMMIT_STEP = /* sql */ `
  -- Commits one step of the sequencer, or nothing: false when the term or the cursor is not the caller's any more.
  -- One call is one transaction, so a caller that is stopped midway cannot hold a lock. Batches come as parallel arrays:
  -- times in microseconds since the epoch, positions as one array literal per batch. Locks the rows of log.sequencer and of the heads it moves.
  create function log.commit_step(
    p_term bigint, p_from bigint, p_to bigint, p_lease_ms integer,
    p_topic_ids integer[], p_partitions integer[], p_base_offsets bigint[], p_bytes bigint[],
    p_first_us bigint[], p_last_us bigint[], p_high_us bigint[], p_placeholders integer[], p_positions text[],
    p_poison jsonb default null
  ) returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  declare
    moved    integer;
    expected integer;
  begin
    update log.sequencer s
    set cursor = p_to, expires_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
    where s.term = p_term and s.cursor = p_from and p_to >= p_from;
    if not found then
      return false;
    end if;
    if p_topic_ids is null or cardinality(p_topic_ids) = 0 then
      return true;
    end if;

    insert into log.batch (topic_id, partition, base_offset, records, bytes, step, first_time, last_time, time_high, placeholders, positions)
    select b.topic_id, b.partition, b.base_offset, cardinality(b.positions::bigint[]), b.bytes, p_to,
           'epoch'::timestamptz + b.first_us * interval '1 microsecond', 'epoch'::timestamptz + b.last_us * interval '1 microsecond',
           'epoch'::timestamptz + b.high_us * interval '1 microsecond', b.placeholders, b.positions::bigint[]
    from unnest(p_topic_ids, p_partitions, p_base_offsets, p_bytes, p_first_us, p_last_us, p_high_us, p_placeholders, p_positions)
      as b(topic_id, partition, base_offset, bytes, first_us, last_us, high_us, placeholders, positions);

    with appended as (
      select b.topic_id, b.partition, min(b.base_offset) as base_offset, max(b.base_offset + b.records) as next_offset,
             max(b.time_high) as time_high, max(b.positions[b.records]) as last_position
      from log.batch b
      join unnest(p_topic_ids, p_partitions, p_base_offsets) as p(topic_id, partition, base_offset) using (topic_id, partition, base_offset)
      group by b.topic_id, b.partition
    ), written as (
      insert into log.head as h (topic_id, partition, next_offset, last_position, time_high)
      select a.topic_id, a.partition, a.next_offset, a.last_position, a.time_high from appended a
      on conflict (topic_id, partition) do update
        set next_offset = excluded.next_offset, last_position = excluded.last_position, time_high = excluded.time_high
        where h.next_offset = (select a.base_offset from appended a where a.topic_id = h.topic_id and a.partition = h.partition)
      returning 1
    )
    select (select count(*) from written), (select count(*) from appended) into moved, expected;
    if moved <> expected then
      raise exception 'the end of a partition is not where this sequencer left it' using errcode = 'TM009';
    end if;

    if p_poison is not null then
      insert into log.placeholder (topic_id, partition, "offset", position, reason, detail)
      select p.topic_id, p.partition, p."offset", p.position, p.reason, p.detail
      from jsonb_to_recordset(p_poison) as p(topic_id integer, partition integer, "offset" bigint, position bigint, reason text, detail text);
    end if;
    return true;
  end $$;
`;

const LEASE = /* sql */ `
  -- Takes the lease when it is free, expired or already held under this name, and answers the new term; else no row.
  -- SKIP LOCKED: a standby must not queue behind the leader's own commit.
  create function log.acquire_lease(p_holder text, p_info jsonb, p_lease_ms integer)
  returns table (term bigint, cursor bigint) language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    return query
    with free as (
      select s.singleton from log.sequencer s
      where s.holder is null or s.expires_at < clock_timestamp() or s.holder = p_holder
      for update skip locked
    )
    update log.sequencer s
    set term = s.term + 1, holder = p_holder, holder_info = p_info, acquired_at = clock_timestamp(),
        expires_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
    from free where s.singleton = free.singleton
    returning s.term, s.cursor;
  end $$;

  -- Prolongs the lease; false when it belongs to another term.
  create function log.renew_lease(p_term bigint, p_lease_ms integer)
  returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    update log.sequencer s set expires_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0) where s.term = p_term and s.holder is not null;
    return found;
  end $$;

  -- Gives the lease back, so that a standby need not wait for it to expire.
  create function log.release_lease(p_term bigint)
  returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    update log.sequencer s set holder = null, holder_info = null, expires_at = null where s.term = p_term;
    return found;
  end $$;
`;
