import type { Delivery } from './delivery.ts';

/** Handles one message. What it returns is ignored; what it throws rolls its transaction back. */
export type HandleEach<Tx> = (delivery: Delivery<Tx>) => unknown;

/** Handles messages of one partition, in order, in one transaction. Never empty. */
export type HandleBatch<Tx> = (deliveries: readonly Delivery<Tx>[]) => unknown;

/**
 * What an application gives to a subscription. When a batch fails, its messages are handled again one by one, each as a
 * batch of one, so that one that cannot be handled takes no neighbour with it.
 */
export type Handler<Tx> =
  | { readonly kind: 'each'; readonly handle: HandleEach<Tx> }
  | {
      readonly kind: 'batch';
      readonly handle: HandleBatch<Tx>;
      /** Messages in one transaction at most; default 100. */
      readonly maxRecords?: number;
      /** Their bytes at most, one message may exceed it; default 1 MiB. */
      readonly maxBytes?: number;
    };
