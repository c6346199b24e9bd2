import { TidemarkError } from '#libs/foundation/kernel';
import type { Consumer, ConsumerStatus } from '#libs/movers/consumer';
import type { ConsumerDatabase } from './database/consumer-database.ts';
import type { PlatformConnections } from './platform-connections.ts';
import type { Transport } from './transport/transport.ts';

export interface ConnectedParts {
  readonly consumer: Consumer;
  readonly transport: Transport;
  readonly database: Pick<ConsumerDatabase<never>, 'refuseUnready' | 'close'>;
  readonly connections: PlatformConnections;
}

/** What a start that failed gets to end what it had begun, ms. */
const UNDO_MS = 2_000;

/** A consumer with what it runs on, begun and ended in the right order. */
export class ConnectedConsumer implements Consumer {
  readonly #parts: ConnectedParts;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: ConnectedParts) {
    this.#parts = parts;
  }

  /** Callers share the first call. After a failure everything is closed: make another consumer to try again. */
  start(): Promise<void> {
    if (this.#stopping !== undefined) {
      return Promise.reject(new TidemarkError('SHUTTING_DOWN', 'this consumer was stopped; make another one'));
    }
    this.#starting ??= this.#start();
    return this.#starting;
  }

  stop(options: { readonly deadlineMs: number }): Promise<void> {
    this.#stopping ??= this.#stop(options.deadlineMs);
    return this.#stopping;
  }

  pause(subscription: string): void {
    this.#parts.consumer.pause(subscription);
  }

  resume(subscription: string): void {
    this.#parts.consumer.resume(subscription);
  }

  status(): ConsumerStatus {
    return this.#parts.consumer.status();
  }

  async #start(): Promise<void> {
    const { consumer, transport, database } = this.#parts;
    try {
      database.refuseUnready();
      await transport.start();
      await consumer.start();
    } catch (error) {
      // The first error says why; one of ending what it left half begun would hide it.
      await this.stop({ deadlineMs: UNDO_MS }).catch(() => undefined);
      throw error;
    }
  }

  /** All is closed, whatever fails on the way; the first failure is thrown. */
  async #stop(deadlineMs: number): Promise<void> {
    const { consumer, transport, database, connections } = this.#parts;
    const steps = [
      () => consumer.stop({ deadlineMs }),
      () => transport.stop({ deadlineMs: UNDO_MS }),
      () => connections.close(),
      () => database.close(),
    ];
    const failures: unknown[] = [];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
