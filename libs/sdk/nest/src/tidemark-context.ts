import { BaseRpcContext } from '@nestjs/microservices';
import { TidemarkError } from '#libs/foundation/kernel';
import { type Delivery, type TransactionHandle } from '#libs/sdk';

/** What `@Ctx()` gives to a handler of one message, beside the payload. */
export class TidemarkContext<Tx = TransactionHandle> extends BaseRpcContext<[Delivery<Tx>]> {
  constructor(delivery: Delivery<Tx>) {
    super([delivery]);
  }

  /** All there is to know, the record as it was read included. */
  get delivery(): Delivery<Tx> {
    return this.args[0];
  }

  /** Where the message was first published, also when it comes from a retry topic. */
  get topic(): string {
    return this.delivery.topic;
  }

  get partition(): number {
    return this.delivery.partition;
  }

  get offset(): bigint {
    return this.delivery.offset;
  }

  get key(): Buffer | null {
    return this.delivery.key;
  }

  /** In order; names may repeat. */
  get headers(): Delivery<Tx>['headers'] {
    return this.delivery.headers;
  }

  /** What the payload was written with; null without a schema. */
  get schema(): Delivery<Tx>['schema'] {
    return this.delivery.schema;
  }

  /** The same in every delivery of the message, on every transport. */
  get messageId(): string {
    return this.delivery.messageId;
  }

  get group(): string {
    return this.delivery.group;
  }

  /** 1 for the first try; counts on over retries in place and retry topics. */
  get attempt(): number {
    return this.delivery.attempt;
  }

  get traceparent(): string | null {
    return this.delivery.traceparent;
  }

  /** Aborted when the handler's time is over, or the consumer stops or loses the partition: nothing will be committed. */
  get signal(): AbortSignal {
    return this.delivery.signal;
  }

  /** The last value of a header as text; undefined when there is none. */
  header(name: string): string | undefined {
    return this.headers.findLast(([given]) => given === name)?.[1]?.toString('utf8');
  }

  /**
   * The transaction that commits with the message: write everything through it. An EntityManager or a `pg` client, after the
   * database of the server: `@Ctx() context: TidemarkContext<EntityManager>`.
   */
  transaction(): Tx {
    return this.delivery.tx;
  }
}

/** What `@Ctx()` gives to a handler of batches. The payload is the array of values, in the same order. */
export class TidemarkBatchContext<Tx = TransactionHandle> extends BaseRpcContext<[readonly Delivery<Tx>[]]> {
  /** One per message, never empty; all of one partition and one transaction. */
  readonly messages: readonly TidemarkContext<Tx>[];

  constructor(deliveries: readonly Delivery<Tx>[]) {
    super([deliveries]);
    if (deliveries.length === 0) throw new TidemarkError('CONSUMER_INVALID', 'a batch has at least one message');
    this.messages = deliveries.map((delivery) => new TidemarkContext(delivery));
  }

  get group(): string {
    return this.#first.group;
  }

  get signal(): AbortSignal {
    return this.#first.signal;
  }

  /** As TidemarkContext.transaction: one for all messages. */
  transaction(): Tx {
    return this.#first.transaction();
  }

  get #first(): TidemarkContext<Tx> {
    return this.messages[0]!;
  }
}
