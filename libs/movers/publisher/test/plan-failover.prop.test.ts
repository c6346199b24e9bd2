import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AffineMap, type Segment } from '#libs/stores/log';
import { planFailover, type SharedPartition } from '../src/failover/plan-failover.ts';
import { translateOffset } from '../src/failover/translate-offset.ts';

const MESSAGES = 40;

/** What a cluster holds: for each of its offsets the log offset of the record there, or null for a foreign one. */
interface Cluster {
  readonly map: AffineMap;
  readonly records: (number | null)[];
}

/** A cluster that got the whole log, with foreign records before some of ours. */
const clusters = fc
  .array(fc.integer({ min: 0, max: 2 }), { minLength: MESSAGES, maxLength: MESSAGES })
  .map((foreign) => {
    const records: (number | null)[] = [];
    const segments: Segment[] = [];
    for (let offset = 0; offset < MESSAGES; offset += 1) {
      for (let n = 0; n < foreign[offset]!; n += 1) records.push(null);
      const delta = BigInt(records.length - offset);
      if (segments.at(-1)?.delta !== delta)
        segments.push({ fromOffset: BigInt(offset), delta, sequenceDelta: 0n, reason: 'foreign' });
      records.push(offset);
    }
    return { map: new AffineMap(segments), records } satisfies Cluster;
  });

/** What a consumer at an offset reads of ours. */
function rest(cluster: Cluster, offset: bigint): number[] {
  return cluster.records.slice(Number(offset)).filter((record) => record !== null);
}

const shared = (a: Cluster, b: Cluster, targetAcked: bigint): SharedPartition => ({
  topic: 'orders',
  partition: 0,
  nameOnTarget: 'b.orders',
  source: a.map,
  target: b.map,
  targetAcked,
});
const committed = (offset: bigint) => [{ topic: 'a.orders', partition: 0, offset, metadata: null }];

describe('failover of a group', () => {
  test('goes on behind exactly the same record', () => {
    fc.assert(
      fc.property(clusters, clusters, fc.nat(), (a, b, choice) => {
        const offset = BigInt(choice % (a.records.length + 1));
        const translated = translateOffset(a.map, b.map, offset)!;
        expect(rest(b, translated.clusterOffset)).toEqual(rest(a, offset));
      }),
    );
  });

  test('there and back is the same place for a consumer', () => {
    fc.assert(
      fc.property(clusters, clusters, fc.nat(), (a, b, choice) => {
        const offset = BigInt(choice % (a.records.length + 1));
        const there = translateOffset(a.map, b.map, offset)!.clusterOffset;
        const back = translateOffset(b.map, a.map, there)!.clusterOffset;
        expect(rest(a, back)).toEqual(rest(a, offset));
      }),
    );
  });

  test('is refused while the target lacks what was handled, and says how much', () => {
    fc.assert(
      fc.property(clusters, clusters, fc.nat(), fc.integer({ min: 0, max: MESSAGES }), (a, b, choice, acked) => {
        const offset = BigInt(choice % (a.records.length + 1));
        const plan = planFailover(committed(offset), () => shared(a, b, BigInt(acked)));
        const handled = BigInt(MESSAGES - rest(a, offset).length);
        expect(plan.ready).toBe(handled <= BigInt(acked));
        if (!plan.ready)
          expect(plan.partitions[0]).toMatchObject({ verdict: 'behind', lacking: handled - BigInt(acked) });
      }),
    );
  });

  test('goes on behind a gap that the target has where history was pruned', () => {
    const segments: Segment[] = [
      { fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' },
      { fromOffset: 10n, delta: -6n, sequenceDelta: -6n, reason: 'pruned' },
    ];
    const whole = new AffineMap(segments.slice(0, 1));
    expect(translateOffset(whole, new AffineMap(segments), 7n)).toEqual({
      logOffset: 7n,
      clusterOffset: 4n,
      skipped: 3n,
    });
  });

  test('goes on with the first record of a topic that was created again without its history', () => {
    const whole = new AffineMap([{ fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' }]);
    const anew = new AffineMap([
      { fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' },
      { fromOffset: 5n, delta: 1n, sequenceDelta: 0n, reason: 'foreign' },
      { fromOffset: 10n, delta: -10n, sequenceDelta: 0n, reason: 'recreated' },
    ]);
    expect(translateOffset(whole, anew, 3n)).toEqual({ logOffset: 3n, clusterOffset: 0n, skipped: 7n });
  });

  test('leaves topics of others alone, and is refused for topics that the target does not have', () => {
    expect(planFailover(committed(3n), () => undefined)).toMatchObject({
      ready: true,
      partitions: [{ verdict: 'foreign', to: null }],
    });
    expect(planFailover(committed(3n), () => 'not on the target')).toMatchObject({
      ready: false,
      partitions: [{ verdict: 'not there', to: null }],
    });
  });
});
