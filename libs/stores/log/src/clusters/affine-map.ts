import { assert } from '#libs/foundation/kernel';
import type { Segment } from './segment.ts';

const SEQUENCES = 2n ** 31n;

/** Log offsets from `from` (inclusive) to `to` (exclusive), which are `delta` further on the cluster. */
export interface PlacedRun {
  readonly from: bigint;
  readonly to: bigint;
  readonly delta: bigint;
}

/**
 * Where the records of one partition lie on one cluster: log offsets, cluster offsets and sequences of each other.
 * Immutable; every change is a new map. Sequences run on without a gap through all segments, so that a sequence tells
 * which record it is, although offsets jump. What lies before a `recreated` segment is gone from the cluster: it maps to nothing.
 */
export class AffineMap {
  /** In order of their log offsets; those before the newest `recreated` one are kept as history only. */
  readonly segments: readonly Segment[];
  /** Index of the first segment that still counts. */
  readonly #first: number;

  constructor(segments: readonly Segment[]) {
    this.segments = segments;
    this.#first = Math.max(
      0,
      segments.findLastIndex((segment) => segment.reason === 'recreated'),
    );
  }

  get isEmpty(): boolean {
    return this.segments.length === 0;
  }

  /** The first segment that counts; undefined when there is none. */
  get first(): Segment | undefined {
    return this.segments[this.#first];
  }

  get last(): Segment | undefined {
    return this.segments.at(-1);
  }

  /**
   * The cluster offset of a record; undefined for records that are gone from the cluster. To be asked for records that were
   * sent: history that was pruned before it was sent has no place.
   */
  toCluster(offset: bigint): bigint | undefined {
    const index = this.#lastWhere((segment) => segment.fromOffset <= offset);
    if (index === undefined) return undefined;
    const place = offset + this.segments[index]!.delta;
    const next = this.segments[index + 1];
    // Between pruned history and the next segment there is nothing: its places are taken by the records behind the gap.
    return next !== undefined && place >= clusterStart(next) ? undefined : place;
  }

  /** Where the first record at or behind a log offset is that the cluster has or will get; undefined for an empty map. */
  nextOnCluster(offset: bigint): { readonly offset: bigint; readonly place: bigint } | undefined {
    const place = this.toCluster(offset);
    if (place !== undefined) return { offset, place };
    const next = this.segments.slice(this.#first).find((segment) => segment.fromOffset > offset);
    return next === undefined ? undefined : { offset: next.fromOffset, place: clusterStart(next) };
  }

  /** The log offset of the first record of ours at or behind a cluster offset: where a consumer at that offset goes on. */
  toLog(clusterOffset: bigint): bigint | undefined {
    const index = this.#lastWhere((segment) => clusterStart(segment) <= clusterOffset);
    if (index === undefined) return this.first?.fromOffset;
    const segment = this.segments[index]!;
    const offset = clusterOffset - segment.delta;
    const next = this.segments[index + 1];
    return next !== undefined && offset > next.fromOffset ? next.fromOffset : offset;
  }

  /**
   * The runs in which the log's records from `from` (inclusive) to `to` (exclusive) lie on the cluster, in their order; records
   * that are gone from it are in none. As with toCluster, history that was pruned before it was sent has no place.
   */
  runs(from: bigint, to: bigint): readonly PlacedRun[] {
    return this.segments.slice(this.#first).flatMap(({ fromOffset, delta }, index, counting) => {
      const next = counting[index + 1];
      const end = next === undefined ? to : earlier(next.fromOffset, clusterStart(next) - delta);
      const run = { from: fromOffset > from ? fromOffset : from, to: earlier(end, to), delta };
      return run.from < run.to ? [run] : [];
    });
  }

  /** The sequence that a record is sent with, 0 to 2^31 - 1. */
  sequenceOf(offset: bigint): number {
    return Number(wrap(this.#count(offset)));
  }

  /** The log offset that has a sequence, of those the one nearest to `near`; undefined before the first segment. */
  offsetOfSequence(sequence: number, near: bigint): bigint | undefined {
    const count = this.#count(near) + signedDistance(this.sequenceOf(near), sequence);
    const index = this.#lastWhere((segment) => segment.fromOffset + segment.sequenceDelta <= count);
    return index === undefined ? undefined : count - this.segments[index]!.sequenceDelta;
  }

  /**
   * The same map up to `offset`, whose place is `clusterOffset`: what was known of it and of the records behind it is
   * forgotten. Opens a segment where the place is another than the one that the records before it lead to.
   */
  placing(offset: bigint, clusterOffset: bigint): AffineMap {
    const sequenceDelta = this.#count(offset) - offset;
    const kept = this.segments.filter((segment, index) => {
      // A segment that would begin at or behind the place has lost all of its records.
      return index <= this.#first || (segment.fromOffset < offset && clusterStart(segment) < clusterOffset);
    });
    const last = kept.at(-1);
    const delta = clusterOffset - offset;
    assert(last !== undefined && last.fromOffset <= offset, `offset ${offset} lies before the first segment`);
    if (last.delta === delta && last.sequenceDelta === sequenceDelta)
      return kept.length === this.segments.length ? this : new AffineMap(kept);
    if (last.fromOffset === offset) {
      const reason = last.reason === 'start' ? 'foreign' : last.reason;
      return new AffineMap([...kept.slice(0, -1), { ...last, delta, sequenceDelta, reason }]);
    }
    const before = this.segments.slice(this.#first).find((segment) => segment.fromOffset === offset);
    if (before?.delta === delta && before.sequenceDelta === sequenceDelta) {
      const same = kept.length + 1 === this.segments.length;
      return same ? this : new AffineMap([...kept, before]);
    }
    const reason = before?.reason === 'pruned' ? 'pruned' : delta > last.delta ? 'foreign' : 'truncated';
    return new AffineMap([...kept, { fromOffset: offset, delta, sequenceDelta, reason }]);
  }

  /** Goes on at a later log offset, because the log has lost the records before it; the sequences run on. */
  skipping(from: bigint, to: bigint, clusterOffset: bigint): AffineMap {
    const { segments } = this.placing(from, clusterOffset);
    const sequenceDelta = this.#count(from) - to;
    return new AffineMap([...segments, { fromOffset: to, delta: clusterOffset - to, sequenceDelta, reason: 'pruned' }]);
  }

  /** Goes on with `offset` at `clusterOffset` whatever lies before it, and with a sequence that somebody else has set. */
  resuming(offset: bigint, clusterOffset: bigint, sequence: number): AffineMap {
    const sequenceDelta = this.#count(offset) + signedDistance(this.sequenceOf(offset), sequence) - offset;
    return new AffineMap([
      ...this.segments.filter((segment) => segment.fromOffset < offset),
      { fromOffset: offset, delta: clusterOffset - offset, sequenceDelta, reason: 'adopted' },
    ]);
  }

  /** All that was on the cluster is gone; it begins anew with `offset` at `clusterOffset`. */
  recreated(offset: bigint, clusterOffset: bigint): AffineMap {
    return new AffineMap([
      ...this.segments.filter((segment) => segment.fromOffset < offset),
      { fromOffset: offset, delta: clusterOffset - offset, sequenceDelta: 0n, reason: 'recreated' },
    ]);
  }

  /** The segments to replace in a store that holds `before`, from the first one's offset on; none when nothing changed. */
  changesSince(before: AffineMap): readonly Segment[] {
    const { segments } = this;
    const changed = segments.findIndex((segment, index) => !sameSegment(segment, before.segments[index]));
    if (changed === -1) return before.segments.length > segments.length ? segments.slice(-1) : [];
    const old = before.segments[changed];
    // One that is dropped lies before the first change: it goes when the one in front of it is replaced by itself.
    return segments.slice(old !== undefined && old.fromOffset < segments[changed]!.fromOffset ? changed - 1 : changed);
  }

  /** The sequence without its wrap: it grows by one from record to record. */
  #count(offset: bigint): bigint {
    const index = this.#lastWhere((segment) => segment.fromOffset <= offset) ?? this.#first;
    return offset + (this.segments[index]?.sequenceDelta ?? 0n);
  }

  /** Index of the last segment that counts for which a condition holds that no later one can begin to fulfil. */
  #lastWhere(holds: (segment: Segment) => boolean): number | undefined {
    let low = this.#first - 1;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = Math.floor((low + high + 1) / 2);
      if (holds(this.segments[middle]!)) low = middle;
      else high = middle - 1;
    }
    return low < this.#first ? undefined : low;
  }
}

/** How far `to` is ahead of `from` (negative: behind), for sequences less than 2^30 apart. */
export function signedDistance(from: number, to: number): bigint {
  return ((BigInt(to) - BigInt(from) + SEQUENCES + SEQUENCES / 2n) % SEQUENCES) - SEQUENCES / 2n;
}

function wrap(count: bigint): bigint {
  return ((count % SEQUENCES) + SEQUENCES) % SEQUENCES;
}

function earlier(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function clusterStart(segment: Segment): bigint {
  return segment.fromOffset + segment.delta;
}

function sameSegment(one: Segment, other: Segment | undefined): boolean {
  return (
    other !== undefined &&
    one.fromOffset === other.fromOffset &&
    one.delta === other.delta &&
    one.sequenceDelta === other.sequenceDelta &&
    one.reason === other.reason
  );
}
