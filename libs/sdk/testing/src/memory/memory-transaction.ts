import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import type { Transactions } from '#libs/movers/consumer';
import type { TransactionHandle } from '#libs/sdk';
import type { MemoryLog, NewRecord } from './memory-log.ts';
import { answerStatement } from './answer-statement.ts';

/**
 * A transaction without a database: what is written in it takes effect at the commit, together. Outbox.emit and TidemarkClient
 * write in it as they do in Postgres; other SQL is refused. Fakes of an application register what they change with `onCommit`.
 */
export class MemoryTransaction implements TransactionHandle {
  readonly #log: MemoryLog;
  readonly #effects: (() => void)[] = [];
  readonly #ends: (() => void)[] = [];
  #state: 'open' | 'failed' | 'over' = 'open';

  constructor(log: MemoryLog) {
    this.#log = log;
  }

  /** What `pg` clients have: the SDK asks it before it writes. */
  readonly readyForQuery = true;

  getTransactionStatus(): 'T' | 'E' | 'I' {
    return this.#state === 'open' ? 'T' : this.#state === 'failed' ? 'E' : 'I';
  }

  /** Takes effect when the transaction commits, in the order of the calls; not at all when it rolls back. */
  onCommit(effect: () => void): void {
    this.#effects.push(effect);
  }

  /** Called when it is over, committed or not. */
  onEnd(end: () => void): void {
    this.#ends.push(end);
  }

  /** The statements of the SDK. Fails the transaction with TOPIC_UNKNOWN and the like, as Postgres does. */
  async query(text: string, values: unknown[] = []): Promise<{ rows: Record<string, unknown>[]; rowCount: number }> {
    if (this.#state !== 'open') throw new TidemarkError('TRANSACTION_ABORTED', 'the transaction has failed or is over');
    try {
      const rows = answerStatement(text, values, (record) => this.append(record));
      return { rows, rowCount: rows.length };
    } catch (error) {
      this.#state = 'failed';
      throw error;
    }
  }

  /** A message for the log, there when the transaction commits. */
  append(record: NewRecord): void {
    this.#log.check(record);
    this.onCommit(() => this.#log.append(record));
  }

  /** Throws TRANSACTION_ABORTED when a statement had failed. */
  commit(): void {
    if (this.#state === 'failed') {
      throw new TidemarkError('TRANSACTION_ABORTED', 'a statement of the handler had failed, and the handler went on');
    }
    for (const effect of this.#effects) effect();
  }

  end(): void {
    this.#state = 'over';
    for (const end of this.#ends) end();
  }
}

/** @param dress makes of a transaction what handlers get: a fake EntityManager, for example. */
export class MemoryTransactions<Tx extends object> implements Transactions<Tx> {
  readonly #log: MemoryLog;
  readonly #dress: (transaction: MemoryTransaction) => Tx;
  readonly #undressed = new WeakMap<object, MemoryTransaction>();

  constructor(log: MemoryLog, dress: (transaction: MemoryTransaction) => Tx) {
    this.#log = log;
    this.#dress = dress;
  }

  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const transaction = new MemoryTransaction(this.#log);
    const tx = this.#dress(transaction);
    this.#undressed.set(tx, transaction);
    try {
      const result = await work(tx);
      transaction.commit();
      return result;
    } finally {
      transaction.end();
    }
  }

  async queryable(tx: Tx): Promise<Queryable> {
    return this.#undressed.get(tx) as unknown as Queryable;
  }

  /** For handlers that act a database in trouble: throw new TidemarkError('DATABASE_UNAVAILABLE', ...). */
  isTransient(error: unknown): boolean {
    return error instanceof TidemarkError && (error.code === 'DATABASE_UNAVAILABLE' || error.code === 'DATABASE_BUSY');
  }
}
