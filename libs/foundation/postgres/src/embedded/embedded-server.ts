import { type Loop } from '#libs/foundation/lifecycle';
import { connectionUrl, type Credentials } from './credentials.ts';
import { stopPostmaster } from './postmaster.ts';
import { isSameProcess } from './process-identity.ts';
import { type RunningServer } from './running-server.ts';
import { isOrphaned, readServerRecord, writeServerRecord } from './server-record.ts';
import { type Site } from './site.ts';
import { withStartLock } from './start-lock.ts';

export interface EmbeddedPostgres {
  /** Of the superuser `postgres` and the database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** True when the server ran already. */
  readonly reused: boolean;
  /**
   * Stops the server if this call started it or took it over, or if the process that did so is gone; else does nothing.
   * Fast shutdown within `deadlineMs`, then an immediate one. Callers share one stop. Throws STOP_DEADLINE_EXCEEDED.
   */
  stop(deadlineMs: number): Promise<void>;
}

/** One caller's hold on the server. An owner also keeps the server's log bounded. */
export class EmbeddedServer implements EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly reused: boolean;
  readonly #site: Site;
  readonly #server: RunningServer;
  readonly #owned: boolean;
  readonly #bounding: Loop;
  #stopping: Promise<void> | undefined;

  constructor(site: Site, credentials: Credentials, server: RunningServer, hold: { reused: boolean; owned: boolean }) {
    this.url = connectionUrl(credentials, server.port);
    this.port = server.port;
    this.pid = server.process.pid;
    this.reused = hold.reused;
    this.#site = site;
    this.#server = server;
    this.#owned = hold.owned;
    this.#bounding = site.serverLog.boundingLoop(site.report);
  }

  /** To be called once. */
  async keepLogBounded(): Promise<void> {
    if (this.#owned) await this.#bounding.start();
  }

  /** To be called when the server process has ended. */
  exited(how: string): void {
    if (this.#stopping === undefined)
      this.#site.report(`Postgres ${this.pid} ended unexpectedly (${how}); see ${this.#site.serverLog.path}`);
  }

  stop(deadlineMs: number): Promise<void> {
    this.#stopping ??= this.#stop(deadlineMs);
    return this.#stopping;
  }

  async #stop(deadlineMs: number): Promise<void> {
    const endsAt = this.#site.clock.now() + deadlineMs;
    await this.#bounding.stop({ deadlineMs });
    await withStartLock(this.#site, deadlineMs, async () => {
      const record = await readServerRecord(this.#site.dataDir);
      // Not after our server died and somebody else started another one.
      const ours = this.#owned && isSameProcess(record.owner, this.#site.self);
      if (!ours && !(await isOrphaned(record))) return;
      await stopPostmaster(this.#site, this.#server.process, Math.max(0, endsAt - this.#site.clock.now()));
      await writeServerRecord(this.#site.dataDir, { port: record.port, owner: undefined });
    });
  }
}
