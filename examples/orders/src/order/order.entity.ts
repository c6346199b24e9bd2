import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OrderStatus } from './order.rules.ts';

@Entity({ schema: 'orders', name: 'orders' })
export class Order {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'customer_id' })
  customerId!: string;

  @Column('text')
  status!: OrderStatus;

  @Column('integer', { name: 'total_cents' })
  totalCents!: number;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'placed_at' })
  placedAt!: Date;
}
