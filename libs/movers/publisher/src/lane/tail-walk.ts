import type { FetchedRecord } from '#libs/foundation/kafka';
import { type AffineMap, signedDistance } from '#libs/stores/log';
import type { Anchor, TailFindings } from './evidence.ts';

/** A record of the cluster's log, as far as a walk looks at it. */
export interface TailRecord extends Pick<FetchedRecord, 'offset' | 'producerId' | 'sequence'> {
  /** Of its header; null without one. */
  readonly messageId: string | null;
}

export interface WalkStart extends Anchor {
  readonly producerId: bigint;
  readonly from: bigint;
}

/**
 * Walks over the end of a cluster's log and tells our records from others', a page at a time.
 *
 * Ours carry our producer id and their sequence, also when the broker has forgotten the producer; those that were sent
 * without sequences (at-least-once mode) are known by the id of the message that is expected next. Each must be the
 * message that Postgres has at its offset, and none may be left out unless the cluster removed offsets there itself
 * (compaction, retention).
 */
export class TailWalk {
  readonly #start: WalkStart;
  #map: AffineMap;
  #next: bigint | undefined;
  #anchored = true;
  /** The first record of ours lies elsewhere than it was believed to, and so may others that lie before those that were read. */
  #shifted = false;
  /** Cluster offsets without a record, since the last record of ours: the cluster removed what was there. */
  #removed = 0n;
  #seenTo: bigint;
  #contradiction: string | undefined;

  constructor(start: WalkStart) {
    this.#start = start;
    this.#map = start.map;
    this.#seenTo = start.from;
  }

  /** The log offset that a record claims to be; undefined for one of another producer. */
  claimOf(record: TailRecord): bigint | undefined {
    if (record.producerId === this.#start.producerId)
      return this.#start.map.offsetOfSequence(record.sequence, this.#start.acked);
    return record.producerId === -1n && record.messageId !== null ? this.#expected(record.offset) : undefined;
  }

  /** `idAt`: the id of the message at a log offset; undefined where the log has none (any more). */
  read(record: TailRecord, idAt: (offset: bigint) => string | undefined): void {
    this.#removed += record.offset - this.#seenTo;
    this.#seenTo = record.offset + 1n;
    const offset = this.claimOf(record);
    if (offset === undefined || this.#contradiction !== undefined) return;
    const id = idAt(offset);
    const sequenced = record.producerId !== -1n;
    if (!sequenced && id !== record.messageId) return;
    if (id !== undefined && id !== record.messageId) {
      this.#contradiction = `log offset ${offset} is message ${id} in Postgres, but message ${record.messageId ?? 'without an id'} at offset ${record.offset} of the cluster`;
      return;
    }
    this.#take(record, offset);
  }

  /** `clusterStart`: the first offset that the cluster still has. */
  findings(clusterStart: bigint): TailFindings {
    const { from } = this.#start;
    const anchored = this.#anchored && (!this.#shifted || from <= clusterStart);
    return {
      from,
      clusterStart,
      ...(this.#next === undefined ? {} : { found: { next: this.#next, map: this.#map, anchored } }),
      ...(this.#contradiction === undefined ? {} : { contradiction: this.#contradiction }),
    };
  }

  #take(record: TailRecord, offset: bigint): void {
    if (this.#next !== undefined && offset < this.#next) {
      this.#contradiction = `log offset ${offset} is on the cluster twice, the second time at offset ${record.offset}`;
      return;
    }
    const { acked, place, map, from } = this.#start;
    const expected = this.#next ?? (offset < acked ? offset : acked);
    // Counted by sequences: what the log had lost before it was sent is not missing.
    const missing = signedDistance(map.sequenceOf(expected), map.sequenceOf(offset));
    const unread = this.#next === undefined && from > place ? from - place : 0n;
    if (missing > this.#removed + unread) {
      this.#contradiction = `the ${missing} records before log offset ${offset} are missing before offset ${record.offset} of the cluster; if the topic was deleted and created under load, delete and create it again while this partition is stopped`;
      return;
    }
    if (this.#next === undefined) {
      const before = map.toCluster(offset - 1n);
      this.#anchored = before === undefined || before < record.offset;
      const believed = map.toCluster(offset);
      this.#shifted = believed !== undefined && believed !== record.offset && believed < from;
    }
    if (this.#map.toCluster(offset) !== record.offset)
      this.#map =
        missing === 0n && offset > expected
          ? this.#map.skipping(expected, offset, record.offset)
          : this.#map.placing(offset, record.offset);
    this.#next = offset + 1n;
    this.#removed = 0n;
  }

  #expected(place: bigint): bigint {
    if (this.#next !== undefined) return this.#next;
    return place < this.#start.place ? (this.#map.toLog(place) ?? this.#start.acked) : this.#start.acked;
  }
}
