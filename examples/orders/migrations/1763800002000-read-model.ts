import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the projection makes of the topics. It could live in another database, if that one kept the offsets, too. */
export class ReadModel1763800002000 implements MigrationInterface {
  name = 'ReadModel1763800002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create schema orders_view;

      create table orders_view.handled_message (
        message_id uuid primary key
      );
      comment on table orders_view.handled_message is 'Messages whose effects are in the other tables: a replayed one changes nothing.';

      create table orders_view.customer_summary (
        customer_id     text primary key,
        placed          integer not null,
        cancelled       integer not null,
        paid            integer not null,
        shipped         integer not null,
        ordered_cents   bigint  not null,
        cancelled_cents bigint  not null,
        paid_cents      bigint  not null
      );
      create table orders_view.revenue_by_day (
        day      date primary key,
        payments integer not null,
        cents    bigint  not null
      );
      create table orders_view.stock_level (
        sku      text primary key,
        on_hand  integer not null,
        reserved integer not null,
        version  integer not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema orders_view cascade');
  }
}
