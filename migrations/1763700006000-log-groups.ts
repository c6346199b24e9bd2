import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Consumer groups of Postgres topics: members, who owns which partition, and committed offsets.
 *
 * An assignment changes in two steps, so that two members never own a partition at once: `target` says who shall have
 * it, `owner` says who has it; the target may claim it only when there is no owner. libs/stores/topic/src/groups/handover.ts
 * draws the states.
 *
 * Locks. Whoever changes the assignment of a group holds its row of log.consumer_group. A commit does not: it takes
 * FOR KEY SHARE on the partitions it commits and keeps it to the end of its transaction. Taking a partition from its
 * owner needs FOR UPDATE, which conflicts with that, and skips what it cannot have at once; setting a target is a plain
 * update of other columns, which does not conflict. So a partition changes hands before or after the transaction of a
 * commit, never within, and a long transaction of one member does not hold up the others.
 */
export class LogGroups1763700006000 implements MigrationInterface {
  name = 'LogGroups1763700006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(COMMIT_OFFSETS);
    await runner.query(REQUIRED_POSITION);
    await runner.query(GRANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      drop function log.grant_consumer(name);
      drop function log.required_position();
      drop function log.commit_offsets(text, text, text[], integer[], bigint[], bigint[], text[]);
      drop table log.group_offset;
      drop table log.group_partition;
      drop table log.group_member;
      drop table log.consumer_group;
    `);
  }
}

const TABLES = /* sql */ `
  create table log.consumer_group (
    id         integer generated always as identity primary key,
    name       text not null unique check (name ~ '^[a-zA-Z0-9._-]{1,249}$'),
    epoch      bigint not null default 0,
    required   boolean not null default false,
    start_from text not null default 'earliest' check (start_from in ('earliest', 'latest', 'time')),
    start_time timestamptz check ((start_from = 'time') = (start_time is not null)),
    created_at timestamptz not null default clock_timestamp()
  ) with (fillfactor = 50);
  comment on column log.consumer_group.epoch is 'Grows whenever the membership or a target changes.';
  comment on column log.consumer_group.required is 'Messages that this group has not committed are not dropped, whatever their retention.';
  comment on column log.consumer_group.start_from is 'Where the group starts in a topic that it has not read before.';

  create table log.group_member (
    group_id            integer not null references log.consumer_group (id) on delete cascade,
    member_id           text    not null check (length(member_id) between 1 and 128),
    client              jsonb   not null default '{}' check (pg_column_size(client) <= 8192),
    topics              text[]  not null check (cardinality(topics) between 1 and 1000),
    session_timeout_ms  integer not null check (session_timeout_ms > 0),
    handover_timeout_ms integer not null check (handover_timeout_ms > 0),
    joined_at           timestamptz not null default clock_timestamp(),
    last_seen           timestamptz not null default clock_timestamp(),
    primary key (group_id, member_id)
  ) with (fillfactor = 50);
  comment on column log.group_member.last_seen is 'By the clock of the database, so that the clocks of members do not matter.';
  comment on column log.group_member.handover_timeout_ms is 'A member that keeps a partition for longer than this after it was asked to release it is removed.';

  create table log.group_partition (
    group_id         integer not null references log.consumer_group (id) on delete cascade,
    topic_id         integer not null,
    partition        integer not null,
    target           text,
    owner            text,
    assignment_epoch bigint not null default 0,
    revoking_since   timestamptz,
    primary key (group_id, topic_id, partition)
  ) with (fillfactor = 50);
  comment on column log.group_partition.assignment_epoch is 'Grows with each claim: a commit counts only under the epoch of the claim it belongs to.';
  comment on column log.group_partition.revoking_since is 'Since when the owner is not the target any more.';

  create table log.group_offset (
    group_id     integer not null references log.consumer_group (id) on delete cascade,
    topic_id     integer not null,
    partition    integer not null,
    next_offset  bigint  not null check (next_offset >= 0),
    metadata     text check (length(metadata) <= 4096),
    committed_at timestamptz,
    committed_by text,
    primary key (group_id, topic_id, partition)
  ) with (fillfactor = 50);
  comment on column log.group_offset.next_offset is 'The next offset to read, as in Kafka.';
  comment on column log.group_offset.committed_at is 'Null until the first commit: the start position, stored when the group first saw the partition.';
`;

const COMMIT_OFFSETS = /* sql */ `
  -- Commits offsets of partitions that the member owns under the given assignment epochs, all or none. Made to run inside
  -- the transaction that holds the effects of the records: a refusal is an error, so that the effects cannot commit
  -- without it. Locks the partitions FOR KEY SHARE (nobody can take them until this transaction has ended) and their
  -- offsets FOR UPDATE; both by primary key, in order, so that two commits cannot deadlock.
  create function log.commit_offsets(
    p_group text, p_member text, p_topics text[], p_partitions integer[], p_epochs bigint[], p_offsets bigint[], p_metadata text[]
  ) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
  declare
    v_group_id integer;
    v_held     integer;
    bad        record;
  begin
    select g.id into v_group_id from log.consumer_group g where g.name = p_group;
    if v_group_id is null then
      raise exception 'consumer group % does not exist', coalesce(quote_literal(p_group), 'null') using errcode = 'TM013';
    end if;
    if (select count(distinct (w.topic, w.partition)) from unnest(p_topics, p_partitions) w(topic, partition)) <> cardinality(p_offsets) then
      raise exception 'group %: each partition must be given once, with one offset', p_group using errcode = 'TM012';
    end if;

    select count(*) into v_held from (
      select 1
      from unnest(p_topics, p_partitions, p_epochs) w(topic, partition, epoch)
      join outbox.topic t on t.name = w.topic
      join log.group_partition p on p.group_id = v_group_id and p.topic_id = t.id and p.partition = w.partition
      where p.owner = p_member and p.assignment_epoch = w.epoch
      order by p.topic_id, p.partition
      for key share of p
    ) held;
    if v_held <> cardinality(p_offsets) then
      select w.topic, w.partition, w.epoch, p.owner, p.assignment_epoch into bad
      from unnest(p_topics, p_partitions, p_epochs) w(topic, partition, epoch)
      left join outbox.topic t on t.name = w.topic
      left join log.group_partition p on p.group_id = v_group_id and p.topic_id = t.id and p.partition = w.partition
      where p.owner is distinct from p_member or p.assignment_epoch is distinct from w.epoch
      limit 1;
      raise exception 'group %: member % does not own partition % of topic % under assignment %: its owner is %, under assignment %',
        p_group, p_member, bad.partition, bad.topic, bad.epoch, coalesce(bad.owner, 'nobody'), coalesce(bad.assignment_epoch, 0)
        using errcode = 'TM011';
    end if;

    perform 1
    from unnest(p_topics, p_partitions) w(topic, partition)
    join outbox.topic t on t.name = w.topic
    join log.group_offset o on o.group_id = v_group_id and o.topic_id = t.id and o.partition = w.partition
    order by o.topic_id, o.partition
    for update of o;

    select w.topic, w.partition, w."offset", o.next_offset, coalesce(h.next_offset, 0) as end_offset into bad
    from unnest(p_topics, p_partitions, p_offsets) w(topic, partition, "offset")
    join outbox.topic t on t.name = w.topic
    join log.group_offset o on o.group_id = v_group_id and o.topic_id = t.id and o.partition = w.partition
    left join log.head h on h.topic_id = t.id and h.partition = w.partition
    where w."offset" is null or w."offset" < o.next_offset or w."offset" > coalesce(h.next_offset, 0)
    limit 1;
    if found then
      raise exception 'group %: partition % of topic % is committed up to % and ends at %, so % cannot be committed',
        p_group, bad.partition, bad.topic, bad.next_offset, bad.end_offset, coalesce(bad."offset"::text, 'null')
        using errcode = 'TM012', hint = 'Commit the offset after the last record that was handled. Offsets move backwards only by a reset of the group.';
    end if;

    update log.group_offset o
    set next_offset = w."offset", metadata = w.metadata, committed_at = clock_timestamp(), committed_by = p_member
    from unnest(p_topics, p_partitions, p_offsets, p_metadata) w(topic, partition, "offset", metadata)
    join outbox.topic t on t.name = w.topic
    where o.group_id = v_group_id and o.topic_id = t.id and o.partition = w.partition;
  end $$;
`;

const REQUIRED_POSITION = /* sql */ `
  -- A partition of a topic that the group reads counts from its beginning until the group has seen it.
  create function log.required_position() returns bigint
  language sql stable set search_path = pg_catalog, pg_temp as $$
    select min(b.positions[(n.next_offset - b.base_offset + 1)::integer])
    from log.consumer_group g
    join log.head h on exists (select 1 from log.group_partition s where s.group_id = g.id and s.topic_id = h.topic_id)
    left join log.group_offset o on o.group_id = g.id and o.topic_id = h.topic_id and o.partition = h.partition
    cross join lateral (select greatest(coalesce(o.next_offset, 0), h.start_offset) as next_offset) n
    cross join lateral (
      select b.base_offset, b.positions from log.batch b
      where b.topic_id = h.topic_id and b.partition = h.partition and b.base_offset <= n.next_offset
      order by b.base_offset desc limit 1
    ) b
    where g.required and n.next_offset < h.next_offset
  $$;
  comment on function log.required_position() is
    'The lowest position that a required group has not committed; null when they have committed everything sequenced.';
`;

const GRANTS = /* sql */ `
  revoke all on function log.required_position(),
    log.commit_offsets(text, text, text[], integer[], bigint[], bigint[], text[]) from public;

  create function log.grant_consumer(p_role name) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    execute format('grant usage on schema outbox, log to %I', p_role);
    execute format('grant select on outbox.topic, outbox.message, log.head, log.batch, log.placeholder, log.sequencer to %I', p_role);
    execute format('grant select, insert, update, delete on log.group_member, log.group_partition, log.group_offset to %I', p_role);
    execute format('grant select, insert, update on log.consumer_group to %I', p_role);
    execute format('grant execute on function log.commit_offsets(text, text, text[], integer[], bigint[], bigint[], text[]), '
      || 'log.locate_page(text, integer, bigint, bigint), log.locate_pages(text, integer[], bigint[], bigint) to %I', p_role);
  end $$;
  comment on function log.grant_consumer(name) is 'Lets a role read topics and be a member of consumer groups.';
  revoke all on function log.grant_consumer(name) from public;
`;
