import { TidemarkError } from '#libs/foundation/kernel';

/** What is used here of a client of `pg`. */
export interface PgConnection {
  on(event: 'error', listener: () => void): unknown;
  removeListener(event: 'error', listener: () => void): unknown;
  query(text: string): Promise<unknown>;
  /** False while a statement is on its way, or its end is. */
  readonly readyForQuery?: boolean;
  /** Since pg 8.16: T in a transaction, E in a failed one, I outside. */
  getTransactionStatus?(): string | null;
}

/** Fails in a transaction that has failed. Index and locks: none. */
const ASK = 'select 1';

/**
 * Watches a connection while a transaction has it. Pools listen to idle clients only: without this, a connection that breaks
 * between two statements would end the process.
 */
export class LentConnection {
  readonly #connection: PgConnection;
  readonly #onError = (): void => {
    this.isLost = true;
  };
  isLost = false;

  constructor(connection: PgConnection) {
    this.#connection = connection;
    connection.on('error', this.#onError);
  }

  /**
   * To be called before COMMIT, which Postgres answers with ROLLBACK and no error when a statement had failed and the handler
   * went on: then nothing of the message would be kept, and it would count as handled. Throws TRANSACTION_ABORTED, or what Postgres
   * says to a statement in such a transaction.
   */
  async refuseEnded(): Promise<void> {
    // `pg` rejects with a statement's error a moment before it learns what became of the transaction.
    if (this.#connection.readyForQuery !== true) await this.#connection.query(ASK);
    const status = this.#connection.getTransactionStatus?.();
    if (status === 'E') {
      throw new TidemarkError('TRANSACTION_ABORTED', 'a statement of the handler had failed, and the handler went on');
    }
    if (status === 'I') {
      throw new TidemarkError('TRANSACTION_ABORTED', 'the handler ended the transaction itself', {
        remedy: 'Leave BEGIN, COMMIT and ROLLBACK to the consumer; use savepoints for what may fail.',
      });
    }
  }

  release(): void {
    this.#connection.removeListener('error', this.#onError);
  }
}
