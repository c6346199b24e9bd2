import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { endsWithin, systemSleep } from '#libs/foundation/lifecycle';

export interface ServiceCommand {
  /** For people. */
  readonly name: string;
  /** Arguments of node. */
  readonly args: readonly string[];
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where it answers /health/ready. */
  readonly url: string;
  /** Takes what it prints. */
  readonly logFile: string;
}

const READY_WITHIN_MS = 30_000;
const READY_POLL_MS = 50;
const LOG_TAIL_CHARACTERS = 2_000;

/** What can be done to a service that runs in a process of its own. */
export interface ProcessControl {
  readonly pid: number | undefined;
  start(): Promise<void>;
  /** As kill -9 does. */
  kill(): Promise<void>;
}

/** A service as a process of its own, so that it can be killed as machines kill processes: without a word. */
export class ServiceProcess implements ProcessControl {
  readonly #command: ServiceCommand;
  #child: ChildProcess | undefined;

  constructor(command: ServiceCommand) {
    this.#command = command;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the service is ready; rejects with the end of what it printed when it ends or is not ready in time. */
  async start(): Promise<void> {
    const log = openSync(this.#command.logFile, 'a');
    try {
      this.#child = spawn(process.execPath, this.#command.args, {
        env: { ...this.#command.env },
        stdio: ['ignore', log, log],
        // A group of its own: Ctrl-C at the terminal reaches the demo, which then stops the service after its clients.
        detached: true,
      });
    } finally {
      closeSync(log);
    }
    const child = this.#child;
    await once(child, 'spawn');
    const until = Date.now() + READY_WITHIN_MS;
    while (!(await this.#ready())) {
      if (child.exitCode !== null || child.signalCode !== null) throw await this.#failure('ended at its start');
      if (Date.now() > until) throw await this.#failure(`was not ready within ${READY_WITHIN_MS} ms`);
      await systemSleep(READY_POLL_MS);
    }
  }

  /** kill -9, and waits for the end of the process. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL', READY_WITHIN_MS);
  }

  /** SIGTERM; SIGKILL after the deadline. */
  async stop(deadlineMs: number): Promise<void> {
    if (await this.#end('SIGTERM', deadlineMs)) return;
    await this.kill();
  }

  async #end(signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return true;
    const ended = once(child, 'exit');
    child.kill(signal);
    return endsWithin(ended, withinMs);
  }

  async #ready(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.#command.url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      // Not listening yet, or too slow: asked again until the time is up.
      return false;
    }
  }

  async #failure(how: string): Promise<Error> {
    const printed = await readFile(this.#command.logFile, 'utf8');
    return new Error(`the ${this.#command.name} ${how}; it printed:\n${printed.slice(-LOG_TAIL_CHARACTERS).trim()}`);
  }
}
