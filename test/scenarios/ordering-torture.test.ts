import { expect, test } from '@jest/globals';
import { Database } from '#libs/foundation/postgres';
import { createTestDatabase, type TestDatabase, testSeed } from '#libs/foundation/testing';
import { createBusiness } from '../model/torture/business.ts';
import { fencedHorizon, gapTimeout, lastValueHorizon, xminWindow } from '../model/torture/horizon-strategies.ts';
import { tortureRound } from '../model/torture/round.ts';
import { judge, messagesPerAggregate, readTruth, type Violations } from '../model/torture/truth.ts';

/*
 * One history of concurrent transactions, read by the design and by three known wrong designs at the same time. The
 * design must see every committed message once and each key in order of its versions; the others must be caught, or the
 * torture proves nothing. TIDEMARK_SOAK=1 runs many more rounds.
 */
const ROUNDS = process.env['TIDEMARK_SOAK'] === '1' ? 60 : 2;
/** More rounds are added, up to this many, until each wrong design was caught. */
const ROUNDS_MAX = ROUNDS + 6;
const STRATEGIES = {
  design: fencedHorizon,
  'last value': lastValueHorizon,
  'xmin window': xminWindow,
  'gap timeout': gapTimeout(5, () => Date.now()),
};
type Name = keyof typeof STRATEGIES;
/**
 * What each wrong design is known for. The window is not blamed for what it has not read at the end: transactions of other
 * databases hold it back too.
 */
const BLAME = {
  'last value': (violations: Violations) => violations.missed,
  'xmin window': (violations: Violations) => violations.outOfOrder,
  'gap timeout': (violations: Violations) => violations.missed,
} as const satisfies Partial<Record<Name, (violations: Violations) => number>>;
const WRONG = Object.keys(BLAME) as (keyof typeof BLAME)[];
const NONE: Violations = { missed: 0, repeated: 0, invented: 0, backwards: 0, outOfOrder: 0, unfinished: 0 };

async function round(seed: number): Promise<Record<Name, Violations>> {
  const database = await createTestDatabase({ poolMax: 12 });
  const url = new URL(database.url);
  // Deadlocks are part of the torture; the default of 1 s would make it a test of patience.
  url.searchParams.set('options', '-c deadlock_timeout=20ms');
  const writers = new Database({ url: url.toString(), poolMax: 10, applicationName: 'torture' });
  try {
    return await torture(seed, database, writers);
  } finally {
    await writers.close();
    await database.drop();
  }
}

async function torture(seed: number, database: TestDatabase, writers: Database): Promise<Record<Name, Violations>> {
  await createBusiness(database.db);
  const setting = await database.db.query<{ n: number }>(
    `select current_setting('max_prepared_transactions')::integer as n`,
  );
  const twoPhase = setting.rows[0]!.n > 0;
  const { tally, seen } = await tortureRound({ writers, other: database.db }, STRATEGIES, {
    seed,
    writers: 12,
    transactionsPerWriter: 40,
    sharedAggregates: 24,
    twoPhase,
    pauseMaxMs: 300,
  });
  const truth = await readTruth(database.db);
  const counted = await messagesPerAggregate(database.db);
  const written = [...truth.versions].filter(([, version]) => version > 0n);
  expect(new Map(written)).toEqual(counted);
  const verdicts = Object.fromEntries(
    Object.entries(seen).map(([name, messages]) => [name, judge(messages, truth)]),
  ) as Record<Name, Violations>;
  console.info(
    `torture, SEED=${seed}${twoPhase ? '' : ', without two-phase commit (max_prepared_transactions is 0)'}:`,
    {
      messages: truth.positions.size,
      ...tally,
      ...Object.fromEntries(WRONG.map((name) => [`${name} violated`, BLAME[name](verdicts[name])])),
    },
  );
  expect(tally.committed).toBeGreaterThan(100);
  expect(tally.retried).toBeGreaterThan(0);
  return verdicts;
}

test(
  'the fenced horizon survives what catches the last value, the xmin window and the gap timeout',
  async () => {
    const seed = testSeed();
    const caught = new Map<Name, number>(WRONG.map((name) => [name, 0]));
    for (let i = 0; i < ROUNDS_MAX; i++) {
      if (i >= ROUNDS && WRONG.every((name) => caught.get(name)! > 0)) break;
      const verdicts = await round(seed + i);
      expect({ seed: seed + i, ...verdicts.design }).toEqual({ seed: seed + i, ...NONE });
      for (const name of WRONG) caught.set(name, caught.get(name)! + BLAME[name](verdicts[name]));
    }
    for (const name of WRONG) expect([name, caught.get(name)! > 0]).toEqual([name, true]);
  },
  ROUNDS_MAX * 60_000,
);
