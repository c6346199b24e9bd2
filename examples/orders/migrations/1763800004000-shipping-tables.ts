import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the shipping service owns, and the topic that it writes to. Nothing here refuses a second parcel for an order: that
 * there is none is the doing of the delivery's transaction. Accounts are added to: what happened twice would show for good.
 */
export class ShippingTables1763800004000 implements MigrationInterface {
  name = 'ShippingTables1763800004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create schema shipping;

      create table shipping.parcel (
        id              uuid primary key,
        order_id        uuid        not null,
        carrier         text        not null,
        tracking_number text        not null,
        fee_cents       integer     not null check (fee_cents >= 0),
        attempts        integer     not null check (attempts >= 1),
        booked_at       timestamptz not null
      );
      create index parcel_order on shipping.parcel (order_id);
      create table shipping.carrier_account (
        carrier    text primary key,
        parcels    integer not null,
        owed_cents bigint  not null
      );

      select outbox.create_topic('parcels.booked', 6)
      where not exists (select from outbox.topic t where t.name = 'parcels.booked');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema shipping cascade');
  }
}
