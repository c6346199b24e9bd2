import type { MigrationInterface, QueryRunner } from 'typeorm';
import { registerSchema } from '#libs/sdk';
import { ORDER_PLACED } from '../src/schemas/order-placed.ts';
import { PAYMENT_RECEIVED } from '../src/schemas/payment-received.ts';
import { STOCK_CHANGED } from '../src/schemas/stock-changed.ts';

/** The schemas of three topics, which from here on take nothing else. In the order of the subjects. */
export class OrderSchemas1763800003000 implements MigrationInterface {
  name = 'OrderSchemas1763800003000';

  async up(runner: QueryRunner): Promise<void> {
    const actor = 'orders';
    await registerSchema(runner, { subject: 'orders.placed-value', schema: ORDER_PLACED, actor });
    await registerSchema(runner, {
      subject: 'payments.received-value',
      schemaType: 'PROTOBUF',
      schema: PAYMENT_RECEIVED,
      actor,
    });
    await registerSchema(runner, { subject: 'stock.changed-value', schemaType: 'JSON', schema: STOCK_CHANGED, actor });
    await runner.query(/* sql */ `
      select outbox.require_schemas(topic)
      from unnest(array['orders.placed', 'payments.received', 'stock.changed']) as topic
    `);
  }

  async down(): Promise<void> {}
}
