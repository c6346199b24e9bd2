import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who still needs old messages, and whose turn it is to drop those that nobody needs. */
export class LogRetention1763700009000 implements MigrationInterface {
  name = 'LogRetention1763700009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create table log.retention_hold (
        reader      text primary key check (length(reader) between 1 and 249),
        position    bigint not null check (position >= 0),
        description text not null default '',
        updated_at  timestamptz not null default clock_timestamp()
      ) with (fillfactor = 50);
      comment on table log.retention_hold is
        'Readers that every message has to wait for, whatever its retention. A drop is decided under a SHARE lock on this table: a new reader inserts its row first and looks at log.head.start_offset afterwards, in a later statement.';
      comment on column log.retention_hold.position is 'The reader has passed every message up to this position.';

      -- What maintenance asks before it drops anything. Later migrations replace the view to add readers; the columns stay.
      create view log.retention_floor as
        select h.reader, h.position, h.description from log.retention_hold h
        union all
        select 'required consumer groups', g.position - 1, 'the slowest of the groups with required = true'
        from log.required_position() g(position) where g.position is not null;
      comment on view log.retention_floor is
        'Every required reader and the position up to which it has passed all messages. A reader without a row holds nothing.';

      create table log.retention_lease (
        singleton  boolean primary key default true check (singleton),
        holder     text,
        expires_at timestamptz
      );
      insert into log.retention_lease default values;
      comment on table log.retention_lease is
        'Whose turn it is to drop partitions. Two at once would get in each other''s way, but break nothing.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table log.retention_lease; drop view log.retention_floor; drop table log.retention_hold');
  }
}
