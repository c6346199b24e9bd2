import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far publishing to each Kafka cluster has come.
 *
 * Nothing here grows with messages: a partition has one row, and one row more for each run of records whose offsets on the
 * cluster have another delta. Whoever publishes holds the lease in log.cluster; everything is written under its term.
 */
export class LogClusters1763700014000 implements MigrationInterface {
  name = 'LogClusters1763700014000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CLUSTER);
    await runner.query(TOPICS);
    await runner.query(EXCEPTIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      drop table log.cluster_placeholder, log.cluster_segment, log.cluster_partition, log.cluster_topic, log.cluster;
    `);
  }
}

const CLUSTER = /* sql */ `
  create table log.cluster (
    id               integer generated always as identity primary key,
    name             text not null unique check (name ~ '^[a-zA-Z0-9._-]{1,249}$'),
    required         boolean not null,
    kafka_cluster_id text,
    producer_id      bigint check (producer_id >= 0),
    producer_epoch   integer check (producer_epoch >= 0),
    mode             text check (mode in ('exact', 'at-least-once')),
    mode_reason      text,
    term             bigint not null default 0,
    holder           text,
    holder_info      jsonb,
    acquired_at      timestamptz,
    expires_at       timestamptz,
    created_at       timestamptz not null default clock_timestamp(),
    check ((producer_id is null) = (producer_epoch is null))
  ) with (fillfactor = 50);
  comment on table log.cluster is 'Kafka clusters that the log is published to, and who publishes.';
  comment on column log.cluster.required is 'Messages that this cluster shall have and lacks are not dropped, whatever their retention.';
  comment on column log.cluster.producer_id is 'Drawn once per Kafka cluster: with another one its brokers could not tell a repeated batch from a new one.';
  comment on column log.cluster.term is 'Grows with each change of publisher; what is written under an older one changes nothing.';
`;

const TOPICS = /* sql */ `
  create table log.cluster_topic (
    cluster_id     integer not null references log.cluster (id) on delete cascade,
    topic_id       integer not null,
    name           text not null check (length(name) between 1 and 249),
    kafka_topic_id text,
    state          text not null check (state in ('publishing', 'not routed', 'refused')),
    detail         text not null default '',
    updated_at     timestamptz not null default clock_timestamp(),
    primary key (cluster_id, topic_id)
  );
  comment on table log.cluster_topic is 'What becomes of each topic on each cluster. Without a row it is not decided yet.';
  comment on column log.cluster_topic.name is 'Its name on the cluster.';
  comment on column log.cluster_topic.kafka_topic_id is 'Kafka''s id of the topic when it was last seen: another one means that it was deleted and created again.';

  create table log.cluster_partition (
    cluster_id     integer not null references log.cluster (id) on delete cascade,
    topic_id       integer not null,
    partition      integer not null,
    acked_offset   bigint  not null default 0 check (acked_offset >= 0),
    acked_position bigint  not null default 0 check (acked_position >= 0),
    opened_term    bigint,
    trouble        text,
    updated_at     timestamptz not null default clock_timestamp(),
    primary key (cluster_id, topic_id, partition)
  ) with (fillfactor = 50);
  comment on column log.cluster_partition.acked_offset is 'Log offset: the records before it are on the cluster.';
  comment on column log.cluster_partition.acked_position is 'Position of the last of them; 0 without any.';
  comment on column log.cluster_partition.opened_term is 'The term under which a batch was first sent, whether or not it arrived; null: nothing was ever sent.';
  comment on column log.cluster_partition.trouble is 'Why it stands still; null while it does not.';
`;

const EXCEPTIONS = /* sql */ `
  create table log.cluster_segment (
    cluster_id     integer not null references log.cluster (id) on delete cascade,
    topic_id       integer not null,
    partition      integer not null,
    from_offset    bigint  not null check (from_offset >= 0),
    delta          bigint  not null,
    sequence_delta bigint  not null,
    reason         text    not null check (reason in ('start', 'foreign', 'pruned', 'recreated', 'truncated', 'adopted')),
    created_at     timestamptz not null default clock_timestamp(),
    primary key (cluster_id, topic_id, partition, from_offset)
  );
  comment on table log.cluster_segment is
    'From a log offset on, until the next segment: cluster offset = log offset + delta, sequence = (log offset + sequence_delta) mod 2^31.';

  create table log.cluster_placeholder (
    cluster_id integer not null references log.cluster (id) on delete cascade,
    topic_id   integer not null,
    partition  integer not null,
    "offset"   bigint  not null,
    reason     text    not null,
    detail     text    not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (cluster_id, topic_id, partition, "offset")
  );
  comment on table log.cluster_placeholder is 'Records that one cluster refused: a placeholder stands at their offset there, the record itself stays in the log.';
`;
