import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The outbox: topics, messages, and the partitions that messages live in.
 *
 * `outbox.message` is insert-only: an UPDATE per message would double the table (reference: relay pitfall P21). It is
 * range-partitioned by id, so that retention is a partition drop. There is no DEFAULT partition, because
 * DETACH ... CONCURRENTLY is refused while one exists and a plain DETACH blocks every writer.
 */
export class OutboxTables1763700000000 implements MigrationInterface {
  name = 'OutboxTables1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create schema outbox;
      comment on schema outbox is 'Tidemark: messages written inside business transactions. Write through outbox.emit.';

      create table outbox.settings (
        singleton             boolean primary key default true check (singleton),
        partition_size        bigint  not null default 1000000 check (partition_size >= 1000),
        partitions_ahead      integer not null default 2 check (partitions_ahead between 1 and 1000),
        auto_create_topics    boolean not null default false,
        auto_create_partitions integer not null default 6 check (auto_create_partitions between 1 and 10000),
        debezium_topic        text    not null default 'outbox.event.\${routedByValue}'
      );
      insert into outbox.settings default values;
      comment on column outbox.settings.partition_size is 'Messages per partition of outbox.message; applies to partitions created from now on.';
      comment on column outbox.settings.partitions_ahead is 'Empty partitions kept ready ahead of the writers.';
      comment on column outbox.settings.auto_create_topics is 'Create a topic on its first message instead of refusing the message.';

      create table outbox.topic (
        id                integer generated always as identity primary key,
        name              text not null unique
                          check (name ~ '^[a-zA-Z0-9._-]{1,249}$' and name not in ('.', '..')),
        partitions        integer not null default 6 check (partitions between 1 and 10000),
        ordering          text not null default 'key' check (ordering in ('key', 'insert')),
        max_message_bytes integer not null default 1000000 check (max_message_bytes between 1 and 104857600),
        retention_ms      bigint check (retention_ms > 0),
        revision          bigint not null default 1,
        created_at        timestamptz not null default clock_timestamp()
      );
      comment on table outbox.topic is 'Topics of this database. Change them through outbox.create_topic and outbox.alter_topic.';
      comment on column outbox.topic.ordering is 'key: messages of one key appear in commit order; insert: in order of insertion, without a lock per key.';
      comment on column outbox.topic.retention_ms is 'Messages are kept at least this long; null keeps them for ever.';
      comment on column outbox.topic.revision is 'Grows with each change, so that readers notice.';

      -- Starts at 0 and draws 0 here, so that last_value is always "the highest position drawn" and positions begin at 1.
      create sequence outbox.position as bigint minvalue 0 start 0;
      select nextval('outbox.position');

      create table outbox.message (
        id         bigint      not null,
        topic_id   integer     not null,
        partition  integer,
        schema_id  integer,
        created_at timestamptz not null,
        message_id uuid        not null,
        key        bytea,
        headers    jsonb,
        payload    bytea,
        constraint message_pkey primary key (id)
      ) partition by range (id);
      create index message_message_id on outbox.message (message_id);
      create index message_topic_key on outbox.message (topic_id, key, id) where key is not null;
      comment on table outbox.message is 'Committed messages, insert-only. id is the position; payload null is a tombstone; headers is an array of [name, value] pairs.';

      create table outbox.message_partition (
        lower      bigint primary key,
        upper      bigint not null check (upper > lower),
        relation   text   not null,
        created_at timestamptz not null default clock_timestamp(),
        dropping_since timestamptz
      );
      comment on table outbox.message_partition is 'Partitions of outbox.message: positions from lower (inclusive) to upper (exclusive).';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema outbox cascade');
  }
}
