import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type EmbeddedPostgres, migrateUp, startEmbeddedPostgres } from '#libs/foundation/postgres';
import { eventually } from '#libs/foundation/testing';
import { MIGRATIONS } from '#migrations';

const STOP_MS = 10_000;

/** A migrated Postgres that belongs to one test, which may stop and crash it. */
export class OwnPostgres {
  readonly #folder: string;
  readonly #reports: string[] = [];
  #server: EmbeddedPostgres | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(): Promise<OwnPostgres> {
    const postgres = new OwnPostgres(await mkdtemp(join(tmpdir(), 'tidemark-restart-')));
    await postgres.#start();
    await migrateUp({ url: postgres.url, migrations: MIGRATIONS });
    return postgres;
  }

  /** Stays the same across restarts. */
  get url(): string {
    return this.#running.url;
  }

  /** Ends all sessions and writes everything, as a planned restart does, and starts again; `whileDown` runs in between. */
  async restart(whileDown: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const { port } = this.#running;
    await this.#running.stop(STOP_MS);
    try {
      await whileDown();
    } finally {
      await this.#start(port);
    }
  }

  /** Ends the server without a warning (SIGKILL, or SIGQUIT: its immediate shutdown), and starts it again: it recovers. */
  async crash(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
    const { pid, port } = this.#running;
    process.kill(pid, signal);
    await eventually(() => {
      if (!this.#reports.some((line) => line.startsWith(`Postgres ${pid} ended`))) throw new Error(`${pid} still runs`);
    });
    await this.#running.stop(STOP_MS);
    await this.#start(port);
  }

  async remove(): Promise<void> {
    await this.#server?.stop(STOP_MS);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }

  get #running(): EmbeddedPostgres {
    if (this.#server === undefined) throw new Error('the Postgres of this test is not running');
    return this.#server;
  }

  async #start(port?: number): Promise<void> {
    this.#server = await startEmbeddedPostgres({
      dataDir: join(this.#folder, 'data'),
      port,
      log: (line) => this.#reports.push(line),
      // What the operating system has been given survives the death of a process; only a power cut needs fsync.
      settings: { fsync: 'off', shared_buffers: '32MB' },
    });
  }
}
