import { assert } from '#libs/foundation/kernel';

interface Entry {
  readonly offset: bigint;
  done: boolean;
}

/**
 * How far one ownership of a partition is. Records are added in the order of their offsets, which may have holes, and end
 * in any order. The watermark is the offset before which everything is done, that is: its transaction has committed.
 *
 * A transaction may write an offset only when its records are the first unfinished ones, and only over records that have
 * committed behind them: never over what is still under way, and never while another commit of the partition is under way, since
 * the two could take effect in the wrong order. What may not be written is left to a flush.
 */
export class PartitionProgress {
  #committed: bigint;
  #end: bigint;
  /** From the first unfinished record on. */
  #entries: Entry[] = [];
  #committing: bigint | null = null;
  /** What may have been committed although nobody heard so: no commit may go back behind it. */
  #perhaps = 0n;

  /**
   * @param committed what the group knows.
   * @param end where reading begins: everything before it is done. Default: there.
   */
  constructor(committed: bigint, end = committed) {
    this.#committed = committed;
    this.#end = end;
  }

  /** Everything before it is done. */
  get watermark(): bigint {
    return this.#entries[0]?.offset ?? this.#end;
  }

  /** The offset after the last record that was added. */
  get end(): bigint {
    return this.#end;
  }

  /** What the group knows, as far as commits were confirmed. */
  get committed(): bigint {
    return this.#committed;
  }

  /** Records from the first unfinished one on, the done ones among them included: what memory is needed for. */
  get length(): number {
    return this.#entries.length;
  }

  /** Records that are not done. */
  get unfinished(): number {
    return this.#entries.reduce((count, entry) => count + (entry.done ? 0 : 1), 0);
  }

  /** Notes a record that was read; false for one before the end, which was read already. */
  add(offset: bigint): boolean {
    if (offset < this.#end) return false;
    this.#entries.push({ offset, done: false });
    this.#end = offset + 1n;
    return true;
  }

  /** What was read reaches up to this offset, a hole behind its last record included. */
  reach(offset: bigint): void {
    if (offset > this.#end) this.#end = offset;
  }

  /**
   * The offset that the transaction of these records may write, or null when it may write none. After an offset, `settle`
   * has to follow when the transaction has ended.
   */
  plan(offsets: readonly bigint[]): bigint | null {
    if (this.#committing !== null || this.#entries.length === 0) return null;
    const ending = new Set(offsets);
    const open = this.#entries.find((entry) => !entry.done && !ending.has(entry.offset));
    const next = open === undefined ? this.#end : open.offset;
    return next > this.watermark && next > this.#committed ? this.#begin(next) : null;
  }

  /**
   * The watermark, when it is not committed, nothing is being committed, and nothing beyond it may have been; `settle` has
   * to follow. `last`: also when something may have been, since nothing is under way that would commit more; the group
   * refuses to go back.
   */
  planFlush(last = false): bigint | null {
    const next = this.watermark;
    const goesOn = next > this.#committed && (last || next >= this.#perhaps);
    return this.#committing === null && goesOn ? this.#begin(next) : null;
  }

  /** True when more than this may have been committed although nobody heard so. */
  mayBeBehind(offset: bigint): boolean {
    return offset < this.#perhaps;
  }

  /** A planned commit has taken effect, or nobody knows: then its records are not done, and come again. */
  settle(tookEffect: boolean): void {
    assert(this.#committing !== null, 'a commit was settled that was not planned');
    if (tookEffect) this.#committed = this.#committing;
    else if (this.#committing > this.#perhaps) this.#perhaps = this.#committing;
    this.#committing = null;
  }

  /** These records are done: what they have written is committed. */
  finish(offsets: readonly bigint[]): void {
    for (const offset of offsets) this.#entryAt(offset).done = true;
    const open = this.#entries.findIndex((entry) => !entry.done);
    this.#entries.splice(0, open === -1 ? this.#entries.length : open);
  }

  #begin(next: bigint): bigint {
    this.#committing = next;
    return next;
  }

  #entryAt(offset: bigint): Entry {
    let low = 0;
    let high = this.#entries.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#entries[middle]!.offset < offset) low = middle + 1;
      else high = middle;
    }
    const entry = this.#entries[low];
    assert(entry?.offset === offset && !entry.done, `offset ${offset} is not under way`);
    return entry;
  }
}
