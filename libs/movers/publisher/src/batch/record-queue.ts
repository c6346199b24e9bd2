import type { TopicRecord } from '#libs/stores/topic';
import { recordBytes } from './record-bytes.ts';

/** Records of one partition in order, as runs that were read; cutting copies references only. */
export class RecordQueue {
  #runs: (readonly TopicRecord[])[] = [];
  /** Index of the next record in the first run. */
  #head = 0;
  #bytes = 0;

  /** Bytes of the records that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get first(): TopicRecord | undefined {
    return this.#runs[0]?.[this.#head];
  }

  append(records: readonly TopicRecord[]): void {
    if (records.length === 0) return;
    this.#runs.push(records);
    for (const record of records) this.#bytes += recordBytes(record);
  }

  /** Takes records off the front, the first one and as many more as fit. Their bytes are those of the memory. */
  cut(fits: (record: TopicRecord) => boolean): { readonly records: readonly TopicRecord[]; readonly bytes: number } {
    const records: TopicRecord[] = [];
    let bytes = 0;
    for (let record = this.first; record !== undefined; record = this.first) {
      if (!fits(record) && records.length > 0) break;
      records.push(record);
      bytes += recordBytes(record);
      this.#advance();
    }
    this.#bytes -= bytes;
    return { records, bytes };
  }

  clear(): void {
    this.#runs = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  #advance(): void {
    this.#head += 1;
    if (this.#head < this.#runs[0]!.length) return;
    this.#runs.shift();
    this.#head = 0;
  }
}
