/** A carrier has taken an order's parcel. Key: the order's id. */
export interface ParcelBooked {
  readonly orderId: string;
  readonly parcelId: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly at: string;
}

/** The topics of the shipping service and their payloads. */
export interface ParcelEvents {
  'parcels.booked': ParcelBooked;
}
