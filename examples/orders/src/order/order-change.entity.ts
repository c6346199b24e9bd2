import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OrderStatus } from './order.rules.ts';

/** The history of an order: one row per change, by its version. */
@Entity({ schema: 'orders', name: 'order_change' })
export class OrderChange {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text')
  status!: OrderStatus;

  @Column('timestamptz')
  at!: Date;
}
