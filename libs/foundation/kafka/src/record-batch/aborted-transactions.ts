/** A transaction that was aborted: what its producer wrote from this offset on, up to its next marker, does not count. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/**
 * Tells which batches of a partition belong to aborted transactions, for a reader that meets its batches in order. Brokers
 * list the transactions whose records may be among what they answer; a producer's marker ends its transaction.
 */
export class AbortedTransactions {
  readonly #ahead: AbortedTransaction[];
  readonly #open = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    // By offset, the first at the end, where it is taken off.
    this.#ahead = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? 1 : -1));
  }

  /** True for a batch of a transaction whose records do not count. */
  has(producerId: bigint, lastOffset: bigint): boolean {
    for (
      let next = this.#ahead.at(-1);
      next !== undefined && next.firstOffset <= lastOffset;
      next = this.#ahead.at(-1)
    ) {
      this.#open.add(next.producerId);
      this.#ahead.pop();
    }
    return this.#open.has(producerId);
  }

  /** The producer's marker was met: what follows belongs to another transaction. */
  end(producerId: bigint): void {
    this.#open.delete(producerId);
  }
}
