import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'orders', name: 'order_line' })
export class OrderLine {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @PrimaryColumn('integer', { name: 'line_no' })
  lineNo!: number;

  @Column('text')
  sku!: string;

  @Column('integer')
  quantity!: number;

  @Column('integer', { name: 'unit_cents' })
  unitCents!: number;
}
