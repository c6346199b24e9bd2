import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '#libs/foundation/postgres';

// Runs jest with what the tests need: a Postgres of their own in a temporary folder, unless TIDEMARK_TEST_DATABASE_URL names a
// server on which databases may be created. Arguments go to jest: npm test -- libs/movers/sequencer
const JEST = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const STOP_MS = 10_000;

function runJest(databaseUrl: string): Promise<number> {
  const jest = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', JEST, ...process.argv.slice(2)],
    { stdio: 'inherit', env: { ...process.env, TIDEMARK_TEST_DATABASE_URL: databaseUrl } },
  );
  // Jest gets the Ctrl-C of the terminal itself; this process must outlive it to stop Postgres.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => jest.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    jest.on('error', reject);
    jest.on('exit', (code) => resolve(code ?? 1));
  });
}

const given = process.env['TIDEMARK_TEST_DATABASE_URL'];
if (given !== undefined) {
  process.exitCode = await runJest(given);
} else {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidemark-test-'));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    // Durability across a power cut is not tested here, and is what makes a test database slow.
    settings: { fsync: 'off', max_connections: 200, max_prepared_transactions: 20 },
  });
  try {
    process.exitCode = await runJest(postgres.url);
  } finally {
    await postgres.stop(STOP_MS);
    await rm(dataDir, { recursive: true, force: true });
  }
}
