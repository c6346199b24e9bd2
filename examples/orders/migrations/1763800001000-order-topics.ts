import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The topics that this service writes to. They outlive its tables: what was published stays published. */
export class OrderTopics1763800001000 implements MigrationInterface {
  name = 'OrderTopics1763800001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      select outbox.create_topic(wanted, 6)
      from unnest(array['orders.placed', 'orders.cancelled', 'orders.shipped', 'payments.received', 'stock.changed']) as wanted
      where not exists (select from outbox.topic t where t.name = wanted)
    `);
  }

  async down(): Promise<void> {}
}
