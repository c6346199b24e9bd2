import { describe, expect, test } from '@jest/globals';
import { AffineMap } from '#libs/stores/log';
import type { TailFindings } from '../src/lane/evidence.ts';
import { TailWalk } from '../src/lane/tail-walk.ts';

const OURS = 7n;
const id = (offset: number | bigint): string => `m${offset}`;

/** What lies on the cluster: a number is ours at that log offset, 'x' a foreign record, '-' a place without a record. */
type Found = number | 'x' | '-' | { readonly plain: number } | { readonly offset: number; readonly id: string };

function walk(
  from: number,
  records: readonly Found[],
  acked: number,
  map = startMap(),
  clusterStart = 0n,
): TailFindings {
  const place = map.toCluster(BigInt(acked))!;
  const reader = new TailWalk({ map, acked: BigInt(acked), place, producerId: OURS, from: BigInt(from) });
  records.forEach((record, index) => {
    if (record === '-') return;
    const offset = BigInt(from + index);
    const foreign = { offset, producerId: 99n, sequence: 3, messageId: null };
    if (record === 'x') reader.read(foreign, id);
    else if (typeof record === 'number')
      reader.read(
        { ...foreign, producerId: OURS, sequence: map.sequenceOf(BigInt(record)), messageId: id(record) },
        id,
      );
    else if ('plain' in record)
      reader.read({ ...foreign, producerId: -1n, sequence: -1, messageId: id(record.plain) }, id);
    else {
      const sequence = map.sequenceOf(BigInt(record.offset));
      reader.read({ ...foreign, producerId: OURS, sequence, messageId: record.id }, id);
    }
  });
  return reader.findings(clusterStart);
}

function startMap(): AffineMap {
  return new AffineMap([{ fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' }]);
}

const segments = ({ found }: TailFindings): unknown =>
  found?.map.segments.map(({ fromOffset, delta }) => [Number(fromOffset), Number(delta)]);

describe('TailWalk', () => {
  test('tells ours from foreign records, and opens a segment behind those', () => {
    const findings = walk(9, [9, 10, 'x', 11, 12, 'x', 'x', 13], 10);
    expect(findings.found?.next).toBe(14n);
    expect(segments(findings)).toEqual([
      [0, 0],
      [11, 1],
      [13, 3],
    ]);
  });

  test('does not say from where on ours were shifted until it has seen their places before', () => {
    expect(walk(12, [11, 12, 13], 14).found?.anchored).toBe(false);
    const findings = walk(8, [8, 9, 'x', 10, 11, 12, 13], 14);
    expect(findings.found?.anchored).toBe(true);
    expect(segments(findings)).toEqual([
      [0, 0],
      [10, 1],
    ]);
    // Nothing is left before: the cluster's retention took it.
    expect(walk(12, [11, 12, 13], 14, startMap(), 12n).found?.anchored).toBe(true);
  });

  test('finds nothing among foreign records', () => {
    expect(walk(9, ['x', 'x'], 10)).toEqual({ from: 9n, clusterStart: 0n });
  });

  test('takes gaps that the cluster made itself, by compaction', () => {
    expect(walk(9, [9, '-', '-', 12], 10).found?.next).toBe(13n);
  });

  test('contradicts when records are missing, doubled or others', () => {
    expect(walk(9, [9, 12], 10).contradiction).toContain('2 records before log offset 12 are missing');
    expect(walk(9, [9, 10, 9], 10).contradiction).toContain('log offset 9 is on the cluster twice');
    expect(walk(9, [9, { offset: 10, id: 'other' }], 10).contradiction).toContain('is message m10 in Postgres');
    expect(walk(0, [40], 40, startMap().recreated(0n, 0n)).contradiction).toBeUndefined();
    expect(walk(0, [40], 0, startMap().recreated(0n, 0n)).contradiction).toContain('40 records before');
  });

  test('knows records without a sequence by the id that comes next', () => {
    expect(walk(9, [9, { plain: 10 }, { plain: 11 }, { plain: 40 }], 10).found?.next).toBe(12n);
  });

  test('goes over history that was pruned before it was sent', () => {
    const map = startMap().skipping(10n, 50n, 10n);
    const findings = walk(8, [8, 9, 50, 51], 50, map);
    expect(findings.contradiction).toBeUndefined();
    expect(findings.found?.next).toBe(52n);
    expect(segments(findings)).toEqual([
      [0, 0],
      [50, -40],
    ]);
  });

  test('says when what should lie before the first of ours may be lost', () => {
    expect(walk(9, [9, 10], 10).found?.anchored).toBe(true);
    expect(walk(4, [10, 11], 10).found?.anchored).toBe(false);
  });
});
