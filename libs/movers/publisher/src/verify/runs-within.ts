import type { PlacedRun } from '#libs/stores/log';

/** The parts of runs whose places on the cluster are from `begin` (inclusive) to `end` (exclusive). */
export function runsWithin(runs: readonly PlacedRun[], begin: bigint, end: bigint): PlacedRun[] {
  return runs.flatMap(({ from, to, delta }) => {
    const first = from + delta > begin ? from : begin - delta;
    const last = to + delta < end ? to : end - delta;
    return first < last ? [{ from: first, to: last, delta }] : [];
  });
}

/** How many records have their places from `begin` (inclusive) to `end` (exclusive). */
export function countWithin(runs: readonly PlacedRun[], begin: bigint, end: bigint): bigint {
  return runsWithin(runs, begin, end).reduce((sum, { from, to }) => sum + to - from, 0n);
}
