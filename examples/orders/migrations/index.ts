import type { MigrationInterface } from 'typeorm';
import { OrdersTables1763800000000 } from './1763800000000-orders-tables.ts';
import { OrderTopics1763800001000 } from './1763800001000-order-topics.ts';
import { ReadModel1763800002000 } from './1763800002000-read-model.ts';
import { OrderSchemas1763800003000 } from './1763800003000-order-schemas.ts';
import { ShippingTables1763800004000 } from './1763800004000-shipping-tables.ts';

/** Of the orders service, oldest first. */
export const ORDER_MIGRATIONS: (new () => MigrationInterface)[] = [
  OrdersTables1763800000000,
  OrderTopics1763800001000,
  ReadModel1763800002000,
  OrderSchemas1763800003000,
];

/** Of the shipping service, which keeps its own list of what it has run: it could live in another database. */
export const SHIPPING_MIGRATIONS: (new () => MigrationInterface)[] = [ShippingTables1763800004000];
