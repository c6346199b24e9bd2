import type { StoredRecords } from '#libs/stores/topic';

/** Records of one partition in order, as runs that were read. */
export class RecordQueue {
  #runs: StoredRecords[] = [];
  #bytes = 0;
  /** Runs that came since the last read. */
  #fresh = 0;

  /** Bytes of the records that wait, as they are in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  /** Those that begin with the next record; undefined when none waits. */
  get next(): StoredRecords | undefined {
    return this.#runs[0];
  }

  append(records: StoredRecords): void {
    if (records.count === 0) return;
    this.#runs.push(records);
    this.#fresh += 1;
    this.#bytes += records.bytes;
  }

  /** To be called before each read: what has waited for more than one gives up the memory that it shares with others. */
  age(): void {
    for (let index = this.#runs.length - this.#fresh - 1; index >= 0; index -= 1) this.#runs[index]!.detach();
    this.#fresh = 0;
  }

  /** Takes records off the front for as long as `takes` says of the next one that it was taken. */
  cut(takes: (records: StoredRecords) => boolean): CutRecords {
    const before = this.#bytes;
    let count = 0;
    let lastPosition = -1;
    for (let run = this.#runs[0]; run !== undefined; run = this.#runs[0]) {
      const bytes = run.bytes;
      while (run.count > 0 && takes(run)) {
        lastPosition = run.firstPosition;
        run.advance();
        count += 1;
      }
      this.#bytes -= bytes - run.bytes;
      if (run.count > 0) break;
      this.#runs.shift();
    }
    return { count, bytes: before - this.#bytes, lastPosition };
  }

  clear(): void {
    this.#runs = [];
    this.#bytes = 0;
    this.#fresh = 0;
  }
}

export interface CutRecords {
  readonly count: number;
  /** What they took in memory. */
  readonly bytes: number;
  /** Position of the last one; -1 without any. */
  readonly lastPosition: number;
}
