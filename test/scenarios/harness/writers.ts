import { TidemarkError } from '#libs/foundation/kernel';
import { systemSleep } from '#libs/foundation/lifecycle';
import type { Database } from '#libs/foundation/postgres';

export interface WritersOptions {
  readonly random: () => number;
  /** Transactions open at a time; default 4. */
  readonly writers?: number;
  /** Different keys; default 20. */
  readonly keys?: number;
  /** Longest wait between two transactions of one writer, in ms; default 20. */
  readonly pauseMaxMs?: number;
  /** The connection may be lost now and then: what was in progress then counts as unknown. Default: it is an error. */
  readonly tolerateLoss?: boolean;
}

/** The table of the business: how often each key was written. A message carries the count of its key. */
export const WRITERS_TABLE = 'create table written (key text primary key, n bigint not null)';

/**
 * Business transactions without end: each counts its keys up and emits the counts, some roll back a savepoint, some
 * everything. Remembers what Postgres acknowledged, which is the truth that the log is compared with.
 */
export class Writers {
  /** Message ids of transactions whose commit was acknowledged. */
  readonly acknowledged: string[] = [];
  /** Message ids that were rolled back before a commit was asked for. */
  readonly rolledBack: string[] = [];
  /** Transactions whose connection was lost: committed or not, as Postgres knows. */
  unknown = 0;
  readonly #db: Database;
  readonly #options: Required<WritersOptions>;
  readonly #failures: unknown[] = [];
  #stopping = false;
  #loops: Promise<void>[] = [];

  constructor(db: Database, options: WritersOptions) {
    this.#db = db;
    this.#options = { writers: 4, keys: 20, pauseMaxMs: 20, tolerateLoss: false, ...options };
  }

  start(): this {
    this.#loops = Array.from({ length: this.#options.writers }, () => this.#run());
    return this;
  }

  /** Lets the transactions in progress end. Throws what went wrong in any of them. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#loops.splice(0));
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  async #run(): Promise<void> {
    const { random, pauseMaxMs, tolerateLoss } = this.#options;
    while (!this.#stopping) {
      try {
        await this.#transaction();
      } catch (error) {
        if (!tolerateLoss || !isLoss(error)) {
          this.#failures.push(error);
          return;
        }
        this.unknown += 1;
      }
      await systemSleep(random() * pauseMaxMs);
    }
  }

  async #transaction(): Promise<void> {
    const { random, keys } = this.#options;
    const written: string[] = [];
    const undone: string[] = [];
    // In order, so that two writers cannot deadlock.
    const chosen = [Math.trunc(random() * keys), Math.trunc(random() * keys)].sort((a, b) => a - b);
    const rollsBack = random() < 0.1;
    const savepoint = random() < 0.1;
    const silent = new Error('rolled back as planned');
    try {
      await this.#db.transaction(async (tx) => {
        const emit = async (key: number, into: string[]): Promise<void> => {
          const result = await tx.query<{ id: string }>(
            `with counted as (
               insert into written (key, n) values ($1, 1) on conflict (key) do update set n = written.n + 1 returning n
             )
             select outbox.emit('orders', $1, jsonb_build_object('n', c.n)) as id from counted c`,
            [`key-${key}`],
          );
          into.push(result.rows[0]!.id);
        };
        for (const key of chosen) await emit(key, written);
        if (savepoint) {
          await tx.query('savepoint before');
          await emit(chosen[1]!, undone);
          await tx.query('rollback to savepoint before');
        }
        const audit = await tx.query<{ id: string }>(`select outbox.emit('audit', null, '{}') as id`);
        written.push(audit.rows[0]!.id);
        if (rollsBack) throw silent;
      });
    } catch (error) {
      if (error !== silent) throw error;
      this.rolledBack.push(...written, ...undone);
      return;
    }
    this.acknowledged.push(...written);
    this.rolledBack.push(...undone);
  }
}

function isLoss(error: unknown): boolean {
  return error instanceof TidemarkError && error.code === 'DATABASE_UNAVAILABLE';
}
