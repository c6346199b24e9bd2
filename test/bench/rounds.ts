import { readCpuSeconds } from './cpu-time.ts';
import type { Finding } from './finding.ts';
import { median } from './statistics.ts';

/** One run of one side: how much was done in how long. The work decides which of it counts. */
export interface Run {
  readonly units: number;
  readonly ms: number;
  /** Seconds of CPU of a third process that took part. */
  readonly elsewhereCpuSeconds?: number;
}

export interface Comparison {
  readonly row: string;
  readonly what: string;
  /** What `units` are, in the plural. */
  readonly unit: string;
  readonly rounds: number;
  /** Runs of each side per round, taking turns; default 1. Many short ones keep disturbances fair on a busy machine. */
  readonly turns?: number;
  readonly measured: () => Promise<Run>;
  readonly floor: () => Promise<Run>;
  /** The median ratio has to reach this. */
  readonly atLeast?: number;
  /** Process whose CPU time and whose children's is counted together with ours. */
  readonly serverPid?: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

interface Side extends Run {
  /** Seconds of CPU of this process and of the server's processes; NaN when not known. */
  readonly cpuSeconds: number;
}

/**
 * Measures both sides in turns, so that whatever else the machine does meets both: first one run each to warm up, then
 * the rounds. The ratio of a round is the measured rate over the floor's.
 */
export async function compare(comparison: Comparison): Promise<Finding> {
  const { unit, atLeast } = comparison;
  await comparison.floor();
  await comparison.measured();
  const rounds: { measured: Side; floor: Side }[] = [];
  for (let round = 0; round < comparison.rounds; round += 1) rounds.push(await playRound(comparison));
  const ratios = rounds.map((round) => rate(round.measured) / rate(round.floor));
  const ratio = { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
  const cpu = (side: 'measured' | 'floor'): number => median(rounds.map((round) => cpuPerUnit(round[side])));
  return {
    row: comparison.row,
    what: comparison.what,
    measured: perSecond(median(rounds.map((round) => rate(round.measured))), unit),
    floor: perSecond(median(rounds.map((round) => rate(round.floor))), unit),
    ratio,
    target: atLeast === undefined ? '' : `>= ${atLeast}`,
    ...(atLeast === undefined ? {} : { met: ratio.median >= atLeast }),
    details: {
      ...comparison.details,
      // What the ratio would be if only CPU time counted: floor over measured, per unit.
      cpuRatio: median(rounds.map((round) => cpuPerUnit(round.floor) / cpuPerUnit(round.measured))),
      cpuMicrosecondsPerUnit: { measured: 1e6 * cpu('measured'), floor: 1e6 * cpu('floor') },
      rounds,
    },
  };
}

async function playRound(comparison: Comparison): Promise<{ measured: Side; floor: Side }> {
  const measured: Side[] = [];
  const floor: Side[] = [];
  for (let turn = 0; turn < (comparison.turns ?? 1); turn += 1) {
    // A B B A: neither side always follows the other.
    if (turn % 2 === 0) floor.push(await timed(comparison, comparison.floor));
    measured.push(await timed(comparison, comparison.measured));
    if (turn % 2 === 1) floor.push(await timed(comparison, comparison.floor));
  }
  return { measured: sum(measured), floor: sum(floor) };
}

async function timed(comparison: Comparison, run: () => Promise<Run>): Promise<Side> {
  const before = await readCpuSeconds(comparison.serverPid);
  const result = await run();
  const after = await readCpuSeconds(comparison.serverPid);
  return { ...result, cpuSeconds: (after ?? NaN) - (before ?? NaN) + (result.elsewhereCpuSeconds ?? 0) };
}

function sum(sides: readonly Side[]): Side {
  const total = (pick: (side: Side) => number): number => sides.reduce((sum, side) => sum + pick(side), 0);
  return {
    units: total((side) => side.units),
    ms: total((side) => side.ms),
    cpuSeconds: total((side) => side.cpuSeconds),
  };
}

const rate = (run: Run): number => (run.units / run.ms) * 1000;
const cpuPerUnit = (side: Side): number => side.cpuSeconds / side.units;

export function perSecond(value: number, unit: string): string {
  return `${Math.round(value).toLocaleString('en')} ${unit}/s`;
}
