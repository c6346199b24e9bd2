import type { KafkaRecord } from '#libs/foundation/kafka';

/** A broker answers with a whole batch in any case. */
const LEAST_BYTES = 16_384;

/**
 * How much to ask a broker for, so that what comes is about `bytes` in memory: what is compressed unfolds to many times its
 * size, and how many is known only once it was read.
 */
export class PageSize {
  readonly #bytes: number;
  #asked: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#asked = bytes;
  }

  /** As the records are on the wire. */
  get bytes(): number {
    return this.#asked;
  }

  /** What an answer brought. */
  came(records: readonly KafkaRecord[]): void {
    const unfolded = records.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
    const wanted = unfolded > this.#bytes ? (this.#asked * this.#bytes) / unfolded : this.#asked * 2;
    this.#asked = Math.round(Math.min(this.#bytes, Math.max(LEAST_BYTES, wanted)));
  }
}
