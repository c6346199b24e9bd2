import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from '#libs/foundation/testing';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const LINES_KEPT = 5_000;
/** Where Node keeps it by default for programs that turn it on themselves. */
const COMPILE_CACHE = join(tmpdir(), 'node-compile-cache');

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Node program of this repository in a process of its own, run from its sources. */
export class Child {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** What it wrote, both streams, without line ends; the oldest lines are forgotten. */
  readonly lines: string[] = [];
  readonly #process: ChildProcess;
  #ended = false;

  /** `keeps`: lines that it says no to are not among `lines`. */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    keeps: (line: string) => boolean = () => true,
  ) {
    this.#process = spawn(process.execPath, ['--conditions=source', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Not ours as a whole: a relay refuses TIDEMARK_ variables that it does not know.
      // The cache takes two thirds off the start of a process, of which the scenarios start a hundred and more.
      env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    });
    this.pid = this.#process.pid ?? -1;
    this.exited = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('close', (code, signal) => {
        this.#ended = true;
        resolve({ code, signal });
      });
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      createInterface({ input: stream! }).on('line', (line) => {
        if (keeps(line)) this.lines.push(line);
        if (this.lines.length > LINES_KEPT) this.lines.shift();
      });
    }
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** The first line that contains the text, as soon as there is one. Rejects when the process ends without it. */
  async line(containing: string, withinMs = 15_000): Promise<string> {
    const unwritten = (): Error =>
      new Error(`process ${this.pid} has not written "${containing}":\n${this.lines.slice(-20).join('\n')}`);
    const line = await eventually(() => {
      const found = this.lines.find((line) => line.includes(containing));
      if (found === undefined && !this.#ended) throw unwritten();
      return found;
    }, withinMs);
    if (line === undefined) throw unwritten();
    return line;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Ends it without a warning, as a crash does; also while it is stopped. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }
}
