import { Column, Entity, PrimaryColumn } from 'typeorm';

export type MovementReason = 'reserved' | 'released' | 'shipped' | 'delivered';

/** The ledger of the warehouse: one row per change of an article, by its version. */
@Entity({ schema: 'orders', name: 'stock_movement' })
export class StockMovement {
  @PrimaryColumn('text')
  sku!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text')
  reason!: MovementReason;

  @Column('integer')
  quantity!: number;

  @Column('uuid', { name: 'order_id', nullable: true })
  orderId!: string | null;

  @Column('timestamptz')
  at!: Date;
}
