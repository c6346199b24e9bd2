import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '#libs/foundation/postgres';
import { openBenchServer, type BenchServer } from './bench-server.ts';

const DATA = fileURLToPath(new URL('../../.cache/bench', import.meta.url));

/**
 * Room for the page cache of the tables measured, and no checkpoint within a round. Everything that keeps commits durable
 * is as it comes.
 */
const SETTINGS = { shared_buffers: '1GB', max_wal_size: '8GB', checkpoint_timeout: '30min' };

/**
 * The Postgres to measure on. Without TIDEMARK_BENCH_DATABASE_URL (of a superuser) it is an embedded one of its own;
 * with it, TIDEMARK_BENCH_POSTMASTER_PID lets CPU time be counted when that server is on this machine.
 */
export async function startBenchServer(progress: (line: string) => void): Promise<BenchServer> {
  const url = process.env['TIDEMARK_BENCH_DATABASE_URL'];
  if (url !== undefined) {
    const pid = process.env['TIDEMARK_BENCH_POSTMASTER_PID'];
    return openBenchServer(url, pid === undefined ? undefined : Number(pid), () => Promise.resolve());
  }
  const embedded = await startEmbeddedPostgres({ dataDir: DATA, settings: SETTINGS, log: progress });
  return openBenchServer(embedded.url, embedded.pid, () => embedded.stop(60_000));
}
