import type { Message } from '#libs/sdk';

/**
 * A payload with what belongs to its message, to emit through a ClientProxy:
 * `client.emit('orders.placed', new EventRecord(order, { key: order.id }))`.
 */
export class EventRecord<Payload = unknown> {
  readonly message: Message<Payload>;

  /** @param payload null is a tombstone. */
  constructor(payload: Payload | null, options: Omit<Message<Payload>, 'payload'> = {}) {
    this.message = { ...options, payload };
  }
}
