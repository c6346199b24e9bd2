import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'shipping', name: 'parcel' })
export class Parcel {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  carrier!: string;

  @Column('text', { name: 'tracking_number' })
  trackingNumber!: string;

  @Column('integer', { name: 'fee_cents' })
  feeCents!: number;

  /** Calls that it took until the carrier had it. */
  @Column('integer')
  attempts!: number;

  @Column('timestamptz', { name: 'booked_at' })
  bookedAt!: Date;
}
