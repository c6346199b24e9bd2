import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the shop owns. The versions count the changes of an order and of an article; order_change and stock_movement keep
 * each of them, as such a business would for its auditors.
 */
export class OrdersTables1763800000000 implements MigrationInterface {
  name = 'OrdersTables1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create schema orders;

      create table orders.stock (
        sku        text primary key,
        unit_cents integer not null check (unit_cents >= 0),
        on_hand    integer not null check (on_hand >= 0),
        reserved   integer not null default 0 check (reserved between 0 and on_hand),
        version    integer not null default 0
      );
      create table orders.stock_movement (
        sku      text        not null references orders.stock,
        version  integer     not null,
        reason   text        not null check (reason in ('reserved', 'released', 'shipped', 'delivered')),
        quantity integer     not null check (quantity > 0),
        order_id uuid,
        at       timestamptz not null,
        primary key (sku, version)
      );

      create table orders.orders (
        id          uuid primary key,
        customer_id text        not null,
        status      text        not null check (status in ('placed', 'paid', 'shipped', 'cancelled')),
        total_cents integer     not null check (total_cents >= 0),
        version     integer     not null,
        placed_at   timestamptz not null
      );
      create table orders.order_line (
        order_id   uuid    not null references orders.orders,
        line_no    integer not null,
        sku        text    not null references orders.stock,
        quantity   integer not null check (quantity > 0),
        unit_cents integer not null,
        primary key (order_id, line_no)
      );
      create table orders.order_change (
        order_id uuid        not null references orders.orders,
        version  integer     not null,
        status   text        not null,
        at       timestamptz not null,
        primary key (order_id, version)
      );
      create table orders.payment (
        id           uuid primary key,
        order_id     uuid        not null unique references orders.orders,
        amount_cents integer     not null,
        received_at  timestamptz not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema orders cascade');
  }
}
