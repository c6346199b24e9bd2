import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OutboxService } from '#libs/sdk';
import type { OrderEvents } from '../events.ts';
import { carrierOf, FEES_CENTS, trackingNumberOf } from './carrier/carrier-rules.ts';
import { Carriers } from './carrier/carrier.ts';
import type { ParcelEvents } from './parcel-events.ts';
import { Parcel } from './parcel.entity.ts';
import { addToAccount } from './postgres/add-to-account.sql.ts';

/** Which call for this order it is, and when to give up on it. */
export interface Call {
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** Hands orders over to carriers. */
@Injectable()
export class ParcelsService {
  constructor(
    private readonly carriers: Carriers,
    private readonly outbox: OutboxService<ParcelEvents>,
  ) {}

  /**
   * The parcel, the event and the carrier's account, in the transaction given. When the carrier does not say yes, nothing of it
   * has happened. Rejects with NoCarrier and CarrierUnavailable.
   */
  async book(manager: EntityManager, order: OrderEvents['orders.shipped'], { attempt, signal }: Call): Promise<void> {
    const { orderId } = order;
    const carrier = carrierOf(order.customerId);
    const trackingNumber = trackingNumberOf(carrier, orderId);
    const feeCents = FEES_CENTS[carrier];
    const id = randomUUID();
    const bookedAt = new Date();
    await manager.insert(Parcel, { id, orderId, carrier, trackingNumber, feeCents, attempts: attempt, bookedAt });
    await this.outbox.emit(manager, 'parcels.booked', {
      key: orderId,
      payload: { orderId, parcelId: id, carrier, trackingNumber, at: bookedAt.toISOString() },
    });
    await this.carriers.book({ carrier, trackingNumber, attempt }, signal);
    // Last, and after the call: nobody else can add to the account until the end of the transaction.
    await addToAccount(manager, carrier, feeCents);
  }
}
