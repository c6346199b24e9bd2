import { Logger } from '@nestjs/common';
import { ClientProxy, type ReadPacket } from '@nestjs/microservices';
import { from, Observable, throwError } from 'rxjs';
import { describeError, TidemarkError } from '#libs/foundation/kernel';
import {
  consumerDatabase,
  createOutbox,
  currentScope,
  type DatabaseHandle,
  type Message,
  type Outbox,
  type OutboxOptions,
  type TransactionHandle,
} from '#libs/sdk';
import { EventRecord } from './event-record.ts';

export interface TidemarkClientOptions extends OutboxOptions {
  /** What writes; default: an outbox of its own, made of the options beside this one. */
  readonly outbox?: Pick<Outbox, 'emit'>;
  /** The key of payloads that come without an EventRecord; default none. */
  readonly key?: (topic: string, payload: unknown) => string | null;
  /**
   * True: outside of a handler and of withTransaction, emit begins a transaction of its own in `database`. The event is then no
   * longer one with the change that it tells of. Default false: emit is refused there.
   */
  readonly ownTransaction?: boolean;
  /** Needed with `ownTransaction`. */
  readonly database?: DatabaseHandle;
}

/**
 * A ClientProxy whose `emit` writes to the outbox, so that code for Nest's transports moves over by its provider. It writes in the
 * current transaction: that of the handler that runs, or that of `withTransaction`. `emit` begins at once, subscribed to or not, and
 * gives the message's id; the current transaction waits for it and fails with it. `send` is refused: topics give no replies.
 */
export class TidemarkClient extends ClientProxy {
  readonly #options: TidemarkClientOptions;
  readonly #outbox: Pick<Outbox, 'emit'>;
  readonly #logger = new Logger(TidemarkClient.name);
  readonly #own: ReturnType<typeof consumerDatabase> | undefined;

  /** Throws CONSUMER_INVALID when a transaction of its own has no database. */
  constructor(options: TidemarkClientOptions = {}) {
    super();
    this.#options = options;
    this.#outbox = options.outbox ?? createOutbox({ traceparent: options.traceparent, schemas: options.schemas });
    if (options.ownTransaction !== true) return;
    if (options.database === undefined) {
      throw new TidemarkError('CONSUMER_INVALID', 'ownTransaction needs a database to begin transactions in', {
        remedy: 'Pass database: the pool or DataSource of the application, or a URL.',
      });
    }
    const onError = (error: unknown): void => this.#logger.warn(describeError(error));
    this.#own = consumerDatabase(options.database, { poolMax: 2, onError, url: '' });
  }

  /** Errors with REPLY_UNSUPPORTED. */
  override send(pattern: unknown): Observable<never> {
    return throwError(() => noReply(pattern));
  }

  /** Errors as Outbox.emit does; NOT_IN_TRANSACTION outside of a transaction. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as ClientProxy has it
  override emit<Result = string, Input = unknown>(pattern: unknown, data: Input): Observable<Result> {
    if (pattern === undefined || pattern === null || data === undefined || data === null) {
      return super.emit<Result, Input>(pattern, data);
    }
    // Begun here and not when subscribed to, as all of Nest's clients do; and in this turn, so that the transaction knows of it.
    const sent = (async () => this.dispatchEvent<Result>(this.createPacket(pattern, data)))();
    let observed = false;
    sent.catch((error: unknown) => {
      if (!observed)
        this.#logger.error(`an event for ${JSON.stringify(pattern)} was not written: ${describeError(error)}`);
    });
    return new Observable((subscriber) => {
      observed = true;
      return from(sent).subscribe(subscriber);
    });
  }

  override async connect(): Promise<void> {
    // There is nothing to connect to: messages travel on the connection of their transaction.
  }

  override async close(): Promise<void> {
    await this.#own?.close();
  }

  /** The outbox. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as ClientProxy has it
  override unwrap<T>(): T {
    return this.#outbox as T;
  }

  protected override publish(packet: ReadPacket): never {
    throw noReply(packet.pattern);
  }

  protected override dispatchEvent<Result = string>(packet: ReadPacket): Promise<Result> {
    const { pattern } = packet;
    if (typeof pattern !== 'string') {
      return Promise.reject(
        new TidemarkError('MESSAGE_INVALID', `emit(${JSON.stringify(pattern)}): the pattern is no topic's name`),
      );
    }
    const write = (tx: TransactionHandle): Promise<string> => this.#outbox.emit(tx, pattern, this.#message(packet));
    return this.#inTransaction(write) as Promise<Result>;
  }

  #inTransaction(write: (tx: TransactionHandle) => Promise<string>): Promise<string> {
    const scope = currentScope();
    if (scope !== undefined && !scope.isOver) return scope.write(write);
    if (this.#own !== undefined) return this.#own.transactions.run(write);
    return Promise.reject(
      new TidemarkError('NOT_IN_TRANSACTION', 'no message was sent: emit was called outside of a transaction', {
        remedy:
          'Call it in a handler, or in withTransaction(manager, () => ...) within dataSource.transaction; or set ownTransaction where the event stands for itself.',
      }),
    );
  }

  #message({ pattern, data, metadata }: ReadPacket): Message {
    const message: Message =
      data instanceof EventRecord
        ? data.message
        : { payload: data, key: this.#options.key?.(pattern as string, data) ?? null };
    const added = Object.entries(metadata ?? {});
    if (added.length === 0) return message;
    const { headers = [] } = message;
    const own = Array.isArray(headers) ? headers : Object.entries(headers);
    return { ...message, headers: [...own, ...added] };
  }
}

function noReply(pattern: unknown): TidemarkError {
  return new TidemarkError(
    'REPLY_UNSUPPORTED',
    `send(${JSON.stringify(pattern)}) waits for a reply, and topics give none`,
  );
}
