import type { ProducerPlace } from '#libs/foundation/kafka';

/** A record in a replica. Replicas share the objects: the same object is the same record. */
export interface Entry {
  readonly messageId: string | null;
  readonly headers: readonly (readonly [string, Buffer | null])[];
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestampMs: number;
  readonly producerId: bigint;
  readonly sequence: number;
  /** First record of its batch: batches are checked and forgotten as a whole. */
  readonly batch: { readonly baseSequence: number; readonly count: number };
  readonly indexInBatch: number;
}

interface ProducerEntry {
  lastSequence: number;
  lastTimestampMs: number;
  /** The last five batches. */
  batches: { readonly baseSequence: number; readonly lastSequence: number; readonly baseOffset: number }[];
}

export const SEQUENCES = 2 ** 31;

export type Verdict = { readonly errorCode: number; readonly baseOffset: number; readonly duplicate: boolean };

/** One replica's log with its producer states, by Kafka's rules. */
export class ReplicaLog {
  entries: Entry[] = [];
  logStart = 0;
  producers = new Map<bigint, ProducerEntry>();

  get end(): number {
    return this.entries.length;
  }

  /**
   * ProducerStateManager: an unknown producer may begin anywhere; a known one goes on with the next sequence; one of its
   * last five batches is answered as it was the first time.
   */
  check(place: ProducerPlace, count: number): Verdict | undefined {
    const known = this.producers.get(place.producerId);
    if (known === undefined) return undefined;
    const last = (place.baseSequence + count - 1) % SEQUENCES;
    const same = known.batches.find((each) => each.baseSequence === place.baseSequence && each.lastSequence === last);
    if (same !== undefined) return { errorCode: 0, baseOffset: same.baseOffset, duplicate: true };
    if (place.baseSequence === (known.lastSequence + 1) % SEQUENCES) return undefined;
    const ahead = (place.baseSequence - known.lastSequence + SEQUENCES) % SEQUENCES;
    return { errorCode: ahead < SEQUENCES / 2 && ahead !== 0 ? 45 : 46, baseOffset: -1, duplicate: false };
  }

  append(entries: readonly Entry[]): number {
    const base = this.end;
    for (const entry of entries) this.entries.push(entry);
    this.#note(entries, base);
    return base;
  }

  /** Drops the end; what is known of producers is read again from what is left. */
  truncate(at: number, nowMs: number, expiryMs: number): void {
    if (at >= this.end) return;
    // Batches go as a whole.
    this.entries.length = at - this.entries[at]!.indexInBatch;
    this.rebuild(nowMs, expiryMs);
  }

  rebuild(nowMs: number, expiryMs: number): void {
    this.producers = new Map();
    for (let base = 0; base < this.end;) {
      const { count } = this.entries[base]!.batch;
      this.#note(this.entries.slice(base, base + count), base);
      base += count;
    }
    this.expire(nowMs, expiryMs);
  }

  /** By the time of the last record, not of its arrival. */
  expire(nowMs: number, expiryMs: number): void {
    for (const [id, state] of this.producers) if (nowMs - state.lastTimestampMs >= expiryMs) this.producers.delete(id);
  }

  #note(entries: readonly Entry[], baseOffset: number): void {
    const first = entries[0];
    if (first === undefined || first.producerId === -1n) return;
    const state = this.producers.get(first.producerId) ?? { lastSequence: -1, lastTimestampMs: 0, batches: [] };
    state.lastSequence = entries.at(-1)!.sequence;
    state.lastTimestampMs = Math.max(...entries.map((entry) => entry.timestampMs));
    const batch = { baseSequence: first.sequence, lastSequence: state.lastSequence, baseOffset };
    state.batches = [...state.batches, batch].slice(-5);
    this.producers.set(first.producerId, state);
  }
}
