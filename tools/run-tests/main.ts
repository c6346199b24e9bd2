import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#libs/foundation/postgres';
import { type Counts, listTestFiles, runJest } from './jest-run.ts';

// Runs jest with what the tests need: a Postgres of their own in a temporary folder, unless TIDEMARK_TEST_DATABASE_URL names a
// server on which databases may be created. Arguments go to jest: npm test -- libs/movers/sequencer
// Ends with one line: N passed, N failed, N skipped.
const STOP_MS = 10_000;
// Far above the longest test: the limit of one test is a minute, of one soak scenario half an hour.
const STALL_MS = process.env['TIDEMARK_SOAK'] === undefined ? 240_000 : 3_600_000;

/** The real brokers of `kafka` need Java and Maven, the rest only Node: it runs when it is asked for (npm run test:kafka). */
function withoutKafka(args: readonly string[]): string[] {
  const chosen = args.some((arg) => arg.startsWith('--selectProjects'));
  return chosen ? [...args] : [...args, '--ignoreProjects', 'kafka'];
}

/** Runs all, and once more what a stalled run had left; what stalls twice has failed. */
async function runAll(databaseUrl: string): Promise<number> {
  const args = withoutKafka(process.argv.slice(2));
  const env = { ...process.env, TIDEMARK_TEST_DATABASE_URL: databaseUrl };
  const first = await runJest({ args, env, stallMs: STALL_MS });
  if (first.stalled.length === 0) return conclude(first, first.exitCode);
  const left = listTestFiles(args, env).filter((file) => !first.finished.has(file));
  console.error(`Running the ${left.length} files that were left once more.`);
  const second = await runJest({ args: ['--runTestsByPath', ...left], env, stallMs: STALL_MS });
  const total: Counts = {
    passed: first.passed + second.passed,
    failed: first.failed + second.failed + second.stalled.length,
    skipped: first.skipped + second.skipped,
  };
  return conclude(total, second.exitCode);
}

function conclude({ passed, failed, skipped }: Counts, exitCode: number): number {
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
