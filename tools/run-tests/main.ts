import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { startEmbeddedPostgres } from '#libs/foundation/postgres';
import { type Counts, type JestOutcome, listTestFiles, runJest } from './jest-run.ts';

// Runs jest with what the tests need: a Postgres of their own in a temporary folder, unless TIDEMARK_TEST_DATABASE_URL names a
// server on which databases may be created. Arguments go to jest: npm test -- libs/movers/sequencer
// Ends with one line: N passed, N failed, N skipped.
const STOP_MS = 10_000;
// Far above the longest test: the limit of one test is a minute, of one soak scenario half an hour.
const STALL_MS = process.env['TIDEMARK_SOAK'] === undefined ? 240_000 : 3_600_000;

/**
 * The runs of jest for these arguments. Without any: all but `kafka`, whose real brokers need Java and Maven (npm run
 * test:kafka). Scenarios have the machine to themselves, because they start processes and wait for them.
 */
function runsOf(args: readonly string[]): string[][] {
  if (args.length === 0) {
    return [
      ['--selectProjects', 'unit', 'db', '--maxWorkers=2'],
      ['--selectProjects', 'scenarios', '--maxWorkers=1'],
    ];
  }
  const chosen = args.some((arg) => arg.startsWith('--selectProjects'));
  return [chosen ? [...args] : [...args, '--ignoreProjects', 'kafka']];
}

/** One run of jest, and once more what it had left when it stalled; what stalls twice has failed. */
async function runOnce(args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const first = await runJest({ args, env, stallMs: STALL_MS });
  if (first.stalled.length === 0) return first;
  const left = listTestFiles(args, env).filter((file) => !first.finished.has(file));
  console.error(`Running the ${left.length} files that were left once more.`);
  const second = await runJest({ args: ['--runTestsByPath', ...left], env, stallMs: STALL_MS });
  const both = together(first, second);
  return { ...both, failed: both.failed + second.stalled.length, exitCode: second.exitCode };
}

type Outcome = Counts & Pick<JestOutcome, 'exitCode' | 'failures'>;

function together(one: Outcome, other: Outcome): Outcome {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    exitCode: one.exitCode || other.exitCode,
    failures: [...one.failures, ...other.failures],
  };
}

async function runAll(databaseUrl: string): Promise<number> {
  const env = { ...process.env, TIDEMARK_TEST_DATABASE_URL: databaseUrl };
  let outcome: Outcome = { passed: 0, failed: 0, skipped: 0, exitCode: 0, failures: [] };
  for (const args of runsOf(process.argv.slice(2))) outcome = together(outcome, await runOnce(args, env));
  return conclude(outcome);
}

/** Says once more what failed: a run prints thousands of lines, and who looks at it begins at the end. */
function conclude({ passed, failed, skipped, failures, exitCode }: Outcome): number {
  for (const { file, name, text } of failures) console.log(`\nFAILED ${relative('.', file)}: ${name}\n${text}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return exitCode === 0 && failed > 0 ? 1 : exitCode;
}

// Jest gets the Ctrl-C of the terminal itself; this process must outlive it to stop Postgres.
process.on('SIGINT', () => undefined);
const given = process.env['TIDEMARK_TEST_DATABASE_URL'];
if (given !== undefined) {
  process.exitCode = await runAll(given);
} else {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidemark-test-'));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    // Durability across a power cut is not tested here, and is what makes a test database slow.
    settings: { fsync: 'off', max_connections: 200, max_prepared_transactions: 20 },
  });
  try {
    process.exitCode = await runAll(postgres.url);
  } finally {
    await postgres.stop(STOP_MS);
    await rm(dataDir, { recursive: true, force: true });
  }
}
