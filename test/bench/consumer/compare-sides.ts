import { randomUUID } from 'node:crypto';
import type { BenchDatabase } from '../bench-server.ts';
import type { Finding } from '../finding.ts';
import type { Bench } from '../measurement.ts';
import { perSecond, type Run } from '../rounds.ts';
import { median } from '../statistics.ts';
import type { ConsumerSide } from './consuming.ts';
import type { Effect } from './effect.ts';
import { HandledCount } from './handled-count.ts';

/** Each run takes so much of --seconds: there are seven sides, and most of a start is waiting. */
const SHARE = 0.5;

const SHOWN = { row: 'a row each', nothing: 'nothing', rows: 'a row each, in batches' } as const;

export interface SideComparison {
  readonly effect: Effect;
  readonly concurrency: number;
  readonly database: BenchDatabase;
  /** In the topics. */
  readonly messages: number;
  readonly floor: ConsumerSide;
  readonly sides: readonly ConsumerSide[];
  readonly details: Readonly<Record<string, unknown>>;
}

/** All sides over one floor: a round to warm up, then rounds in which each runs once, in an order that turns. */
export async function compareSides(bench: Bench, comparison: SideComparison): Promise<Finding[]> {
  const { floor, sides, concurrency, effect } = comparison;
  const pool = comparison.database.pool(concurrency);
  const all = [floor, ...sides];
  const rates = new Map<ConsumerSide, number[]>(all.map((side) => [side, []]));
  for (let round = 0; round <= bench.options.rounds; round += 1) {
    const turn = round % all.length;
    for (const side of [...all.slice(turn), ...all.slice(0, turn)]) {
      const run = await runOnce(bench, comparison, side, pool.pool);
      if (round > 0) rates.get(side)!.push((run.units / run.ms) * 1_000);
    }
  }
  const floors = rates.get(floor)!;
  return sides.map((side) => {
    const own = rates.get(side)!;
    const ratios = own.map((rate, round) => rate / floors[round]!);
    return {
      row: 'c',
      what: `${SHOWN[effect]}, ${concurrency} at once: ${side.name}`,
      measured: perSecond(median(own), 'messages'),
      floor: `${floor.name} ${perSecond(median(floors), 'messages')}`,
      ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
      target: '',
      details: { ...comparison.details, effect, concurrency, side: side.name, rates: own, floors },
    };
  });
}

async function runOnce(
  bench: Bench,
  { effect, concurrency, messages }: SideComparison,
  side: ConsumerSide,
  pool: ReturnType<BenchDatabase['pool']>['pool'],
): Promise<Run> {
  await pool.query('truncate effect');
  const count = new HandledCount({ ms: bench.options.seconds * 1_000 * SHARE, messages });
  const running = await side.start({
    group: `group-${randomUUID()}`,
    effect,
    concurrency,
    pool,
    numberOf: (payload) => (JSON.parse(payload.toString()) as { n: number }).n,
    handled: () => count.handled(),
    failed: (error) => count.failed(error),
  });
  try {
    return await count.done;
  } finally {
    await running.stop();
  }
}
