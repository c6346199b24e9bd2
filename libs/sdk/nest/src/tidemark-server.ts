import { Logger, type OnModuleDestroy } from '@nestjs/common';
import { type BaseRpcContext, type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { describeError, TidemarkError } from '#libs/foundation/kernel';
import {
  type Consumer,
  type ConsumerSettings,
  type ConsumerStatus,
  createConsumer,
  type DatabaseHandle,
  type Delivery,
  type EventSubscription,
} from '#libs/sdk';
import { handlerOutcome, keepFailures } from './handler-outcome.ts';
import { TIDEMARK } from './handler-options.ts';
import { HandlerRegistry, type HandlerSet } from './handler-registry.ts';
import { loggingObserver } from './logging-observer.ts';
import { TidemarkBatchContext, TidemarkContext } from './tidemark-context.ts';

export interface TidemarkServerOptions<
  Handle extends DatabaseHandle = DatabaseHandle,
> extends ConsumerSettings<Handle> {
  /** What deliveries under way get to end when the application closes, ms; default 20,000, below Kubernetes' 30 s. */
  readonly stopMs?: number;
}

/** A server whose consumer is made elsewhere, by a harness of the testing kit for example: that knows where it runs. */
export type TidemarkServerSettings = Omit<
  TidemarkServerOptions,
  'database' | 'url' | 'poolMax' | 'transport' | 'schemas'
>;

type Made = (
  options: Omit<TidemarkServerSettings, 'stopMs'> & { subscriptions: EventSubscription<never>[] },
) => Consumer;

const STOP_MS = 20_000;
const NOT_LISTENING: ConsumerStatus = {
  state: 'idle',
  ready: false,
  troubles: ['not listening yet'],
  subscriptions: [],
};

/**
 * Feeds `@EventPattern` handlers with the messages of topics so that their effects happen once, with pipes, guards, interceptors
 * and exception filters around them as for any transport: `app.connectMicroservice({ strategy: server }, { inheritAppConfig: true })`.
 * A handler that fails is tried again and in the end goes to the dlq, as its options say.
 */
export class TidemarkServer extends Server implements CustomTransportStrategy, OnModuleDestroy {
  override readonly transportId = TIDEMARK;
  /** Nest logs failures of events that nobody would see otherwise; here they are deliveries that failed, and are told once. */
  override readonly propagatesEventHandlerErrors = true;
  protected override readonly logger = new Logger(TidemarkServer.name);
  readonly #options: TidemarkServerSettings;
  readonly #make: Made;
  readonly #registry: HandlerRegistry;
  #consumer: Consumer | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: TidemarkServerOptions);
  /** @param make the `createConsumer` of a harness. */
  constructor(settings: TidemarkServerSettings, make: (options: never) => Consumer);
  constructor(options: TidemarkServerSettings, make: (options: never) => Consumer = createConsumer) {
    super();
    this.#options = options;
    this.#make = make as Made;
    this.#registry = new HandlerRegistry(options.group);
    keepFailures();
  }

  /** Called by Nest for each handler it finds. Throws CONSUMER_INVALID for `@MessagePattern` and what no topic can be. */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    if (!isEventHandler) {
      throw new TidemarkError(
        'CONSUMER_INVALID',
        `@MessagePattern(${JSON.stringify(pattern)}) asks for a reply, and topics give none`,
        {
          remedy: 'Use @EventPattern; or name the transport that replies: @MessagePattern(pattern, Transport.TCP).',
        },
      );
    }
    this.#registry.add(pattern, callback, extras);
    this.messageHandlers.set(String(pattern), callback);
  }

  /** Called by Nest's listen and startAllMicroservices, which reject with what starting throws. */
  listen(callback: (error?: unknown) => unknown): void {
    void this.#listen(callback);
  }

  /** Drains; see Consumer.stop. Callers share the first call. Called by Nest when the application closes. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Before other providers go, where the server is one: handlers under way may need them. */
  onModuleDestroy(): Promise<void> {
    return this.close();
  }

  /** For readiness and health pages; costs no I/O. */
  health(): ConsumerStatus {
    return this.#consumer?.status() ?? NOT_LISTENING;
  }

  /** By pattern, followed by `@group` where that is not the server's: `orders.placed`, `orders.*@billing`. Throws CONSUMER_INVALID. */
  pause(handler: string): void {
    this.unwrap<Consumer>().pause(handler);
  }

  resume(handler: string): void {
    this.unwrap<Consumer>().resume(handler);
  }

  override on(): never {
    throw new TidemarkError('CONSUMER_INVALID', 'this transport has no events to listen to', {
      remedy: 'Pass an observer in the options of TidemarkServer.',
    });
  }

  /** The Consumer, once it listens. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as Server has it
  override unwrap<T>(): T {
    if (this.#consumer === undefined) {
      throw new TidemarkError('CONSUMER_INVALID', 'the server does not listen yet', {
        remedy: 'Call app.startAllMicroservices() or app.listen() first.',
      });
    }
    return this.#consumer as T;
  }

  /** Never rejects: Nest hears of a failure by the callback. */
  async #listen(callback: (error?: unknown) => unknown): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }

  async #start(): Promise<void> {
    const { stopMs: _, onError, observer, ...settings } = this.#options;
    const consumer = this.#make({
      ...settings,
      observer: observer ?? loggingObserver(this.logger),
      onError: onError ?? ((error) => this.logger.warn(describeError(error))),
      subscriptions: this.#registry.sets().map((set) => this.#subscription(set)),
    });
    this.#consumer = consumer;
    await consumer.start();
    this._status$.next('running');
  }

  async #close(): Promise<void> {
    await this.#consumer?.stop({ deadlineMs: this.#options.stopMs ?? STOP_MS });
    this._status$.next('stopped');
  }

  #subscription({ pattern, options, handlers, ...set }: HandlerSet): EventSubscription<never> {
    const { batch = false, group: _, ...rest } = options;
    const common = { ...rest, group: set.group, topics: pattern };
    if (batch === false)
      return { ...common, handle: (delivery: Delivery<never>) => this.#handleEach(handlers, delivery) };
    const limits = batch === true ? {} : batch;
    return {
      ...common,
      batch: limits,
      handleBatch: (deliveries: readonly Delivery<never>[]) => this.#handleBatch(handlers, deliveries),
    };
  }

  #handleEach(handlers: readonly MessageHandler[], delivery: Delivery<unknown>): Promise<void> {
    const context = new TidemarkContext(delivery);
    return this.#run(context, handlers, delivery.value);
  }

  #handleBatch(handlers: readonly MessageHandler[], deliveries: readonly Delivery<unknown>[]): Promise<void> {
    const context = new TidemarkBatchContext(deliveries);
    const values = deliveries.map(({ value }) => value);
    return this.#run(context, handlers, values);
  }

  /** One after the other: they share a connection, and what the second does may build on the first. */
  #run(context: BaseRpcContext, handlers: readonly MessageHandler[], payload: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const work = async (): Promise<void> => {
        try {
          for (const handler of handlers) await handlerOutcome(handler(payload, context));
          resolve();
        } catch (error) {
          reject(error);
        } finally {
          this.onProcessingEndHook?.(this.transportId, context);
        }
      };
      // Instrumentation puts itself around the work here; it need not return what it was given.
      this.onProcessingStartHook(this.transportId, context, work);
    });
  }
}
