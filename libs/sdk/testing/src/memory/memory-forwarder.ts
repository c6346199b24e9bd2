import type { Queryable } from '#libs/foundation/postgres';
import type { ForwardedMessage, Forwarder } from '#libs/movers/consumer';
import type { MemoryTransaction } from './memory-transaction.ts';

/** Sends messages on when their transaction commits. */
export class MemoryForwarder implements Forwarder {
  async forward(tx: Queryable, message: ForwardedMessage): Promise<void> {
    (tx as unknown as MemoryTransaction).append({ ...message, partition: null });
  }
}
