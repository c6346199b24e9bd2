import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'orders', name: 'payment' })
export class Payment {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('integer', { name: 'amount_cents' })
  amountCents!: number;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt!: Date;
}
