import { once } from 'node:events';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../src/index.ts';
import { identityOf } from '../src/embedded/process-identity.ts';

const HOLDER = fileURLToPath(new URL('./embedded-holder.fixture.ts', import.meta.url));

export interface Held {
  readonly child: ChildProcess;
  readonly server: { pid: number; port: number; reused: boolean };
}

/** Folders, servers and processes of one test; `clear` ends them all, also after a failed test. */
export class EmbeddedBench {
  readonly #folders: string[] = [];
  readonly #children: ChildProcess[] = [];
  readonly log: string[] = [];

  async folder(): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), 'tidemark-embedded-'));
    this.#folders.push(made);
    return join(made, 'data');
  }

  start(dataDir: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
    const settings = { fsync: 'off', shared_buffers: '16MB' };
    return startEmbeddedPostgres({
      dataDir,
      settings,
      log: (line) => this.log.push(line),
      startTimeoutMs: 30_000,
      ...options,
    });
  }

  /** The same in a process of its own, once the server is ready. */
  async hold(dataDir: string, as: { uid?: number; gid?: number } = {}): Promise<Held> {
    const child = spawn(process.execPath, ['--conditions=source', HOLDER, dataDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...as,
    });
    this.#children.push(child);
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      child.once('close', (code) => reject(new Error(`the holder ended with ${code}: ${errors}`)));
    });
    return { child, server: JSON.parse(line) as Held['server'] };
  }

  async clear(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    for (const folder of this.#folders) {
      await killServerOf(join(folder, 'data'));
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    }
  }
}

async function killServerOf(dataDir: string): Promise<void> {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (pid > 1 && (await isRunning(pid))) process.kill(pid, 'SIGQUIT');
}

/** False for a zombie too: in a container nobody may collect a server whose parent was killed. */
export async function isRunning(pid: number): Promise<boolean> {
  return (await identityOf(pid)) !== undefined;
}

export async function query(url: string, sql: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<string[]>({ text: sql, rowMode: 'array' })).rows.map((row) => String(row[0]));
  } finally {
    await client.end();
  }
}
