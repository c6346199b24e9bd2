import { describe, expect, test } from '@jest/globals';
import { AffineMap, type Segment } from '#libs/stores/log';
import type { Evidence, Location, TailFindings } from '../src/lane/evidence.ts';
import { locate } from '../src/lane/locate.ts';

const START: Segment = { fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' };

interface Given extends Partial<Omit<Evidence, 'belief' | 'log' | 'clusterEnd'>> {
  readonly acked: number;
  readonly segments?: readonly Segment[];
  readonly opened?: boolean;
  readonly recreated?: boolean;
  readonly trusted?: number;
  readonly log?: readonly [start: number, end: number];
  readonly clusterEnd: number;
  readonly fresh?: boolean;
}

function where(given: Given): Location {
  const { acked, segments = [START], opened = true, recreated = false, log = [0, 1_000], fresh = false } = given;
  const { lastSequence = 'unknown', quarantined = false, tail, clusterEnd } = given;
  const trusted = BigInt(given.trusted ?? 1_000);
  const map = new AffineMap(segments);
  return locate(
    {
      belief: { acked: BigInt(acked), map, everOpened: opened, recreated, trusted },
      log: { start: BigInt(log[0]), end: BigInt(log[1]), fresh },
      clusterEnd: BigInt(clusterEnd),
      lastSequence,
      quarantined,
      ...(tail === undefined ? {} : { tail }),
    },
    { existingRecords: 'adopt' },
  );
}

/** What a walk found: records up to `next`, from a log offset on at another place. */
function found(next: number, ...placed: [offset: number, clusterOffset: number][]): TailFindings['found'] {
  const map = placed.reduce(
    (map, [offset, place]) => map.placing(BigInt(offset), BigInt(place)),
    new AffineMap([START]),
  );
  return { next: BigInt(next), map, anchored: true };
}

const short = (location: Location): string => {
  if (location.kind === 'at') {
    const last = location.map.last!;
    return `at ${location.offset} ${location.cause}, ${last.reason} from ${last.fromOffset} by ${last.delta}`;
  }
  if (location.kind === 'walk') return `walk ${location.from} to ${location.to}`;
  return location.kind === 'stop' ? `stop ${location.why}` : location.kind;
};

describe('locate', () => {
  test.each<[string, Given, string]>([
    [
      'first contact, empty topic',
      { acked: 0, segments: [], opened: false, clusterEnd: 0 },
      'at 0 start, start from 0 by 0',
    ],
    [
      'first contact, older records',
      { acked: 0, segments: [], opened: false, clusterEnd: 9 },
      'at 0 adopted, adopted from 0 by 9',
    ],
    [
      'first contact, pruned log',
      { acked: 0, segments: [], opened: false, clusterEnd: 0, log: [40, 90] },
      'at 40 start, pruned from 40 by -40',
    ],
    ['nothing happened', { acked: 50, lastSequence: 49, clusterEnd: 50 }, 'at 50 unchanged, start from 0 by 0'],
    ['answers lost', { acked: 50, lastSequence: 69, clusterEnd: 70 }, 'at 70 answers-lost, start from 0 by 0'],
    ['sent by somebody else', { acked: 50, lastSequence: 69, clusterEnd: 70, trusted: 50 }, 'walk 69 to 70'],
    [
      'foreign records behind ours',
      { acked: 50, lastSequence: 49, clusterEnd: 53, tail: { from: 49n, clusterStart: 0n, found: found(50) } },
      'at 50 foreign, foreign from 50 by 3',
    ],
    ['foreign records, or an older history', { acked: 50, lastSequence: 49, clusterEnd: 53 }, 'walk 49 to 53'],
    [
      'an older history of the same length',
      { acked: 50, lastSequence: 49, clusterEnd: 51, tail: { from: 0n, clusterStart: 0n, found: found(50, [10, 11]) } },
      'at 50 foreign, foreign from 10 by 1',
    ],
    ['ours and foreign ones', { acked: 50, lastSequence: 69, clusterEnd: 73 }, 'walk 49 to 73'],
    ['truncated', { acked: 50, lastSequence: 29, clusterEnd: 30 }, 'at 30 truncated, start from 0 by 0'],
    [
      'truncated, then foreign records',
      { acked: 50, lastSequence: 29, clusterEnd: 33, tail: { from: 29n, clusterStart: 0n, found: found(30) } },
      'at 30 truncated, foreign from 30 by 3',
    ],
    [
      'truncated to before what the log still has',
      { acked: 50, lastSequence: 29, clusterEnd: 30, log: [40, 90] },
      'at 40 pruned, pruned from 40 by -10',
    ],
    ['ours lower than they were', { acked: 50, lastSequence: 49, clusterEnd: 45 }, 'walk 44 to 45'],
    ['ahead, by an old end of the log', { acked: 50, lastSequence: 69, clusterEnd: 70, log: [0, 60] }, 'log-end'],
    ['ahead', { acked: 50, lastSequence: 69, clusterEnd: 70, log: [0, 60], fresh: true }, 'stop ahead'],
    [
      'a sequence from before the first record',
      { acked: 50, lastSequence: 2 ** 31 - 9, clusterEnd: 50 },
      'stop diverged',
    ],
    ['forgotten by the broker', { acked: 50, clusterEnd: 50 }, 'quarantine'],
    ['forgotten, nothing under way', { acked: 50, clusterEnd: 50, quarantined: true }, 'walk 49 to 50'],
    ['forgotten, cluster empty', { acked: 50, clusterEnd: 0, quarantined: true }, 'at 0 truncated, start from 0 by 0'],
    [
      'created again',
      { acked: 50, recreated: true, clusterEnd: 0, quarantined: true },
      'at 0 recreated, recreated from 0 by 0',
    ],
    ['created again, something may be under way', { acked: 50, recreated: true, clusterEnd: 0 }, 'quarantine'],
    [
      'created again, filled in part by a publisher that died',
      { acked: 50, recreated: true, lastSequence: 9, clusterEnd: 10, trusted: 50 },
      'walk 9 to 10',
    ],
    [
      'created again, foreign records there',
      { acked: 50, recreated: true, clusterEnd: 4, quarantined: true, tail: { from: 0n, clusterStart: 0n } },
      'at 0 recreated, recreated from 0 by 4',
    ],
  ])('%s', (_, given, expected) => {
    expect(short(where(given))).toBe(expected);
  });

  test('goes back until it finds one of ours, four times as far each time, no further than there is anything', () => {
    const given = { acked: 50_000, clusterEnd: 60_000, quarantined: true };
    const at = (from: bigint): string => short(where({ ...given, tail: { from, clusterStart: 20_000n } }));
    expect(short(where(given))).toBe('walk 49999 to 60000');
    expect(at(49_999n)).toBe('walk 20000 to 49999');
    expect(short(where({ ...given, acked: 59_999, tail: { from: 59_998n, clusterStart: 0n } }))).toBe(
      'walk 58998 to 59998',
    );
    // Everything that the cluster still has was looked at: ours went by its retention.
    expect(at(20_000n)).toBe('at 20000 truncated, foreign from 20000 by 40000');
  });

  test('a hole before our newest records stops the partition', () => {
    const map = new AffineMap([START]).placing(64n, 42n);
    const found = { next: 65n, map, anchored: false };
    const given = { acked: 64, lastSequence: 64, clusterEnd: 43 };
    expect(short(where({ ...given, tail: { from: 42n, clusterStart: 0n, found } }))).toBe('walk 0 to 43');
    expect(short(where({ ...given, tail: { from: 0n, clusterStart: 0n, found } }))).toBe('stop diverged');
  });
});
