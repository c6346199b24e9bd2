import { AsyncLocalStorage } from 'node:async_hooks';
import type { TransactionHandle } from './handle.ts';
import { notInTransaction } from './refusal.ts';

/**
 * A transaction while code runs that may ask for it. Writes go through it one after the other, in the order in which they were
 * asked for, and none can come after the end: nobody has to wait for them one by one.
 */
export class TransactionScope {
  readonly tx: TransactionHandle;
  #writes: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #isOver = false;

  constructor(tx: TransactionHandle) {
    this.tx = tx;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Rejects with NOT_IN_TRANSACTION when the transaction is over, else with what the write rejects with. */
  write<T>(work: (tx: TransactionHandle) => Promise<T>): Promise<T> {
    if (this.#isOver) {
      const why = 'the transaction in which this code ran is over';
      return Promise.reject(
        notInTransaction(why, 'Await what the handler starts: all of it has to end before it returns.'),
      );
    }
    const written = this.#writes.then(() => work(this.tx));
    this.#writes = written.catch((error: unknown) => {
      this.#failure ??= { error };
    });
    return written;
  }

  /** Waits for all writes. Afterwards no more are taken. */
  async end(): Promise<void> {
    for (let last: unknown; last !== this.#writes;) {
      last = this.#writes;
      await this.#writes;
    }
    this.#isOver = true;
  }

  /** Throws what the first failed write threw: a message that nobody waited for must not get lost unseen. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

const current = new AsyncLocalStorage<TransactionScope>();

/**
 * Runs the work with `tx` as the current transaction, in which TidemarkClient.emit writes:
 * `dataSource.transaction((manager) => withTransaction(manager, () => service.place(order)))`. Handlers of consumers run like
 * this already. Waits for all that was emitted within, awaited or not, and rejects when one of them failed; the caller
 * begins, commits and rolls back.
 */
export function withTransaction<T>(tx: TransactionHandle, work: () => T | Promise<T>): Promise<T> {
  const scope = new TransactionScope(tx);
  return current
    .run(scope, async () => {
      try {
        return await work();
      } finally {
        // Also after an error: a write on its way would land behind the rollback.
        await scope.end();
      }
    })
    .then((result) => {
      scope.throwFailure();
      return result;
    });
}

/** The scope of the code that runs; undefined outside of handlers and withTransaction. */
export function currentScope(): TransactionScope | undefined {
  return current.getStore();
}

/**
 * The transaction of the code that runs: the EntityManager or `pg` client of the handler, or what withTransaction was given;
 * undefined outside, and when it is over.
 */
export function currentTransaction(): TransactionHandle | undefined {
  const scope = current.getStore();
  return scope === undefined || scope.isOver ? undefined : scope.tx;
}
