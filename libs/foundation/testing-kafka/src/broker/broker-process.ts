import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from '#libs/foundation/testing';
import { javaArguments, type JavaRun } from '../distribution/java-command.ts';
import type { KafkaDistribution } from '../distribution/distribution.ts';
import type { Reaper } from './reaper.ts';

const LINES_KEPT = 2_000;
const LINES_SHOWN = 30;
const TROUBLE_SHOWN = 12;

/** A running Java process of a broker and what it says. */
export class BrokerProcess {
  readonly pid: number;
  /** What it wrote, the oldest lines forgotten. */
  readonly lines: string[] = [];
  readonly exited: Promise<void>;
  readonly #process: ChildProcess;
  readonly #name: string;

  constructor(name: string, kafka: KafkaDistribution, run: JavaRun, reaper: Reaper) {
    this.#name = name;
    // A group of its own: Ctrl-C reaches the test alone, which stops its brokers last.
    this.#process = spawn(kafka.java, javaArguments(kafka, run), { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const pid = (this.pid = this.#process.pid ?? -1);
    if (pid > 0) reaper.started(pid);
    this.exited = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('close', () => {
        reaper.ended(pid);
        resolve();
      });
    });
    // Whoever waits for it sees the error; nobody may be waiting yet.
    this.exited.catch(() => undefined);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      createInterface({ input: stream! }).on('line', (line) => {
        this.lines.push(line);
        if (this.lines.length > LINES_KEPT) this.lines.shift();
      });
    }
  }

  get running(): boolean {
    return this.pid > 0 && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Resolves when it has written the text. Throws with its last lines when it ends without, or after `withinMs`. */
  async said(text: string, withinMs: number): Promise<void> {
    const isOver = await eventually(() => {
      if (this.lines.some((line) => line.includes(text))) return false;
      if (!this.running) return true;
      throw this.complaint(`has not said "${text}" within ${withinMs} ms`);
    }, withinMs);
    if (isOver) throw this.complaint(`ended before it said "${text}"`);
  }

  /** Resolves when the process is gone. Throws with its last lines after `withinMs`. */
  async ended(withinMs: number): Promise<void> {
    await eventually(() => {
      if (this.running) throw this.complaint(`has not ended within ${withinMs} ms`);
    }, withinMs);
    await this.exited;
  }

  complaint(what: string): Error {
    // What went wrong is often long before the end, with the trace of an exception below it.
    const trouble = this.lines.findIndex((line) => /\] (ERROR|FATAL) /.test(line));
    const first = trouble < 0 ? [] : [...this.lines.slice(trouble, trouble + TROUBLE_SHOWN), '…'];
    return new Error(
      `${this.#name} (pid ${this.pid}) ${what}:\n${[...first, ...this.lines.slice(-LINES_SHOWN)].join('\n')}`,
    );
  }
}
