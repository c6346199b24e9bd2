import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'orders', name: 'stock' })
export class Stock {
  @PrimaryColumn('text')
  sku!: string;

  @Column('integer', { name: 'unit_cents' })
  unitCents!: number;

  @Column('integer', { name: 'on_hand' })
  onHand!: number;

  @Column('integer')
  reserved!: number;

  @Column('integer')
  version!: number;
}
