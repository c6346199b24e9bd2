import type { AnyEvents, BatchMessage, EventMap, Message } from '../message.ts';
import type { Outbox } from '../outbox.ts';
import type { TransactionHandle } from '../transaction/handle.ts';

/**
 * The outbox as a NestJS provider, so that a service can ask for it by its class:
 * `constructor(private readonly outbox: OutboxService<OrderEvents>) {}`. Guarantees and errors are those of Outbox.
 */
export class OutboxService<Events extends EventMap = AnyEvents> implements Outbox<Events> {
  readonly #outbox: Outbox<Events>;

  constructor(outbox: Outbox<Events>) {
    this.#outbox = outbox;
  }

  emit<Topic extends keyof Events & string>(
    tx: TransactionHandle,
    topic: Topic,
    message: Message<Events[Topic]>,
  ): Promise<string> {
    return this.#outbox.emit(tx, topic, message);
  }

  emitBatch(tx: TransactionHandle, messages: readonly BatchMessage<Events>[]): Promise<string[]> {
    return this.#outbox.emitBatch(tx, messages);
  }
}
