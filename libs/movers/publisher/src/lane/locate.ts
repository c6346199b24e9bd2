import { AffineMap, signedDistance } from '#libs/stores/log';
import type { Anchor, Belief, Evidence, Location, LocationCause } from './evidence.ts';
import { walkTo } from './walk-range.ts';

export interface LocateRules {
  /** What to do with a topic that holds records although nothing was ever published to it. */
  readonly existingRecords: 'adopt' | 'refuse';
}

/**
 * Finds where the next record of a partition belongs on a cluster, from what is known and what the cluster says.
 *
 * The broker's last sequence of our producer, read at the same moment as the log end, names the last of our records
 * there: `ours` is what follows it. Without it (the broker never knew or has forgotten us) the check of sequences is off
 * for the next batch; then nothing may be on its way, and the records themselves must say which is the last.
 */
export function locate(evidence: Evidence, rules: LocateRules): Location {
  const belief = believed(evidence);
  if (belief.acceptFrom !== undefined) return accepted(evidence, belief, belief.acceptFrom);
  if (evidence.tail?.contradiction !== undefined)
    return { kind: 'stop', why: 'diverged', detail: evidence.tail.contradiction };
  return evidence.lastSequence === 'unknown'
    ? withoutSequence(evidence, belief, rules)
    : withSequence(evidence, belief, evidence.lastSequence);
}

type Base = Belief & Anchor;

/** A recreated topic, and one that nothing was sent to, begin with the first record that the log still has. */
function believed({ belief, log, clusterEnd }: Evidence): Base {
  if (belief.recreated) {
    const map = belief.map.recreated(log.start, 0n);
    return { ...belief, acked: log.start, map, place: 0n, trusted: log.start };
  }
  if (!belief.map.isEmpty) return { ...belief, place: belief.map.toCluster(belief.acked)! };
  const place = belief.everOpened ? 0n : clusterEnd;
  const acked = belief.acked > log.start ? belief.acked : log.start;
  const reason = place > 0n ? 'adopted' : acked > 0n ? 'pruned' : 'start';
  const map = new AffineMap([{ fromOffset: acked, delta: place - acked, sequenceDelta: 0n, reason }]);
  return { ...belief, acked, map, place };
}

/** What a person decided for a partition that had stopped. Records before it that the cluster lacks stay missing there. */
function accepted({ log, clusterEnd, lastSequence, quarantined }: Evidence, base: Base, from: bigint): Location {
  if (from > log.end) {
    const detail = `the partition cannot go on with log offset ${from}: the log ends at ${log.end}`;
    return log.fresh ? { kind: 'stop', why: 'refused', detail } : { kind: 'log-end' };
  }
  if (lastSequence === 'unknown' && base.everOpened && !quarantined) return { kind: 'quarantine' };
  const offset = later(from, log.start);
  const sequence = lastSequence === 'unknown' ? base.map.sequenceOf(offset) : (lastSequence + 1) % 2 ** 31;
  return { kind: 'at', offset, map: base.map.resuming(offset, clusterEnd, sequence), cause: 'accepted' };
}

function withSequence(evidence: Evidence, base: Base, lastSequence: number): Location {
  const landed = signedDistance(base.map.sequenceOf(base.acked), (lastSequence + 1) % 2 ** 31);
  if (landed > 0n) {
    const next = base.acked + landed;
    if (next > evidence.log.end) return ahead(evidence, next);
    const asExpected = base.place + landed === evidence.clusterEnd;
    if (!asExpected || next > base.trusted) {
      const from = asExpected ? evidence.clusterEnd - 1n : lastPlace(base, evidence.clusterEnd);
      const walk = walkTo(evidence, base, from) ?? hole(evidence);
      if (walk !== undefined) return walk;
    }
    const map = evidence.tail?.found?.map ?? base.map;
    return arrived(evidence, map.placing(next, evidence.clusterEnd), next, base, 'answers-lost');
  }
  const next = base.map.offsetOfSequence((lastSequence + 1) % 2 ** 31, base.acked);
  if (next === undefined) {
    const detail = `the broker's last sequence of this producer is ${lastSequence}, which belongs to no record that was sent to this partition`;
    return { kind: 'stop', why: 'diverged', detail };
  }
  const before = base.map.toCluster(next - 1n);
  const asBelieved = before === undefined || base.map.toCluster(next) === evidence.clusterEnd;
  if (!asBelieved) {
    // Others may have written behind the last of our records; or that one lies elsewhere than it was believed to, because a
    // leader came back with an older history of the same length. The records themselves have to tell.
    const from = before < evidence.clusterEnd ? before : lastPlace(base, evidence.clusterEnd);
    const walk = walkTo(evidence, base, from) ?? hole(evidence);
    if (walk !== undefined) return walk;
  }
  const map = evidence.tail?.found?.map ?? base.map;
  return arrived(evidence, map.placing(next, evidence.clusterEnd), next, base, 'unchanged');
}

function withoutSequence(evidence: Evidence, base: Base, rules: LocateRules): Location {
  const { clusterEnd } = evidence;
  if (!base.everOpened && !base.recreated) {
    if (clusterEnd > 0n && rules.existingRecords === 'refuse') return refused(clusterEnd);
    const cause = base.map.last?.reason === 'adopted' ? 'adopted' : 'start';
    return arrived(evidence, base.map.placing(base.acked, clusterEnd), base.acked, base, cause);
  }
  if (!evidence.quarantined) return { kind: 'quarantine' };
  const walk = walkTo(evidence, base, lastPlace(base, clusterEnd)) ?? hole(evidence);
  if (walk !== undefined) return walk;
  const found = evidence.tail?.found;
  if (found !== undefined) {
    if (found.next > evidence.log.end) return ahead(evidence, found.next);
    return arrived(evidence, found.map.placing(found.next, clusterEnd), found.next, base, 'unchanged');
  }
  // None of ours is there. What lay before the cluster's first record went by its retention; what lay behind it is lost.
  const start = evidence.tail?.clusterStart ?? clusterEnd;
  const next = base.place <= start ? base.acked : later(base.map.toLog(start)!, base.map.first!.fromOffset);
  return arrived(evidence, base.map.placing(next, clusterEnd), next, base, 'unchanged');
}

/** Our newest records are there, but those that should be before them are not, as far back as the cluster goes. */
function hole({ tail }: Evidence): Location | undefined {
  if (tail?.found?.anchored !== false) return undefined;
  const detail = `the cluster lost records that lie before log offset ${tail.found.next - 1n}, which is there; delete the topic and create it again to have it filled from the log`;
  return { kind: 'stop', why: 'diverged', detail };
}

/** Where the last of our records should be; not behind the end. */
function lastPlace(base: Base, clusterEnd: bigint): bigint {
  const first = base.map.first!.fromOffset;
  const place = base.acked > first ? (base.map.toCluster(base.acked - 1n) ?? base.place) : base.place;
  return place < clusterEnd ? place : later(clusterEnd - 1n, 0n);
}

function arrived(evidence: Evidence, map: AffineMap, next: bigint, base: Base, unmoved: LocationCause): Location {
  const { log, clusterEnd } = evidence;
  if (next < log.start)
    return { kind: 'at', offset: log.start, map: map.skipping(next, log.start, clusterEnd), cause: 'pruned' };
  return { kind: 'at', offset: next, map, cause: causeOf(map, next, base, unmoved) };
}

function causeOf(map: AffineMap, next: bigint, base: Base, unmoved: LocationCause): LocationCause {
  if (base.recreated) return 'recreated';
  if (next < base.acked) return 'truncated';
  const [opened] = map.changesSince(base.map);
  if (opened === undefined) return next > base.acked ? 'answers-lost' : unmoved;
  return opened.reason === 'truncated' ? 'truncated' : 'foreign';
}

function ahead({ log, clusterEnd }: Evidence, next: bigint): Location {
  // The end that is known may be older than what another publisher read and sent.
  if (!log.fresh) return { kind: 'log-end' };
  const detail = `the cluster holds our records up to offset ${next - 1n} (its log ends at ${clusterEnd}), the log in Postgres ends at ${log.end}: Postgres was set back to an older state`;
  return { kind: 'stop', why: 'ahead', detail };
}

function refused(clusterEnd: bigint): Location {
  const detail = `the topic holds records up to offset ${clusterEnd}, although nothing was published to it from here`;
  return { kind: 'stop', why: 'refused', detail };
}

function later(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
