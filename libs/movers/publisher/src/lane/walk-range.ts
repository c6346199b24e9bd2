import type { Anchor, Evidence, Location } from './evidence.ts';

/** Records that the first step back reads; each further one reads four times as many. */
const FIRST_STEP_BACK = 1_000n;

/**
 * The next stretch of the cluster's log to read before it is known which of our records is the last: from where it should be to
 * the end, then further and further back until one of ours is found. Undefined when enough was read.
 */
export function walkTo(evidence: Evidence, anchor: Anchor, from: bigint): Location | undefined {
  const { tail, clusterEnd } = evidence;
  if (clusterEnd === 0n) return undefined;
  if (tail === undefined) return { kind: 'walk', from, to: clusterEnd, anchor };
  if (tail.found?.anchored === true) return undefined;
  const first = anchor.map.first;
  const ours = first === undefined ? 0n : first.fromOffset + first.delta;
  const bound = ours > tail.clusterStart ? ours : tail.clusterStart;
  if (tail.from <= bound) return undefined;
  const read = clusterEnd - tail.from;
  const step = read < FIRST_STEP_BACK ? FIRST_STEP_BACK : read * 4n;
  const back = tail.from - step > bound ? tail.from - step : bound;
  // Where there was none of ours, there is none; otherwise the stretch before is read together with it.
  return { kind: 'walk', from: back, to: tail.found === undefined ? tail.from : clusterEnd, anchor };
}
