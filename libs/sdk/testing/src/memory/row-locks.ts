import type { MemoryTransaction } from './memory-transaction.ts';

/** Locks that a transaction keeps to its end; whoever wants one waits until then. */
export class RowLocks {
  readonly #owners = new Map<string, { readonly owner: MemoryTransaction; readonly ended: Promise<void> }>();

  isTaken(name: string): boolean {
    return this.#owners.has(name);
  }

  async take(transaction: MemoryTransaction, name: string): Promise<void> {
    for (let held = this.#owners.get(name); held !== undefined; held = this.#owners.get(name)) {
      if (held.owner === transaction) return;
      await held.ended;
    }
    const ended = new Promise<void>((resolve) => {
      transaction.onEnd(() => {
        this.#owners.delete(name);
        resolve();
      });
    });
    this.#owners.set(name, { owner: transaction, ended });
  }
}
