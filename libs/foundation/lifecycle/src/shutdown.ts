import process from 'node:process';
import { type Clock, describeError, systemClock, TidemarkError } from '#libs/foundation/kernel';
import { endsWithin } from './ends-within.ts';
import { shutdownShare } from './shutdown-share.ts';
import { type Sleep, systemSleep } from './sleep.ts';

export interface StopFailure {
  readonly name: string;
  readonly error: unknown;
}

export interface ShutdownOptions {
  /** For everything together, in ms; default 30,000. */
  readonly deadlineMs?: number;
  /** One line for people; default: stderr. */
  readonly print?: (line: string) => void;
  /** Ends the process; default process.exit. */
  readonly exit?: (code: number) => void;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
}

interface Part {
  readonly name: string;
  readonly stop: (deadlineMs: number) => Promise<void>;
}

// 128 + SIGINT, what a shell reports for a program that was interrupted.
const EXIT_INTERRUPTED = 130;

/**
 * Stops the parts of a process in the reverse order of their start, within one deadline. A part that fails or hangs is
 * recorded and does not keep the others from being stopped.
 *
 * Nest: add `() => app.close()` as a part and leave `enableShutdownHooks` off, since it would handle the same signals.
 * Nest 12 logs errors thrown by shutdown hooks and drops them: what can fail is therefore added as a part of its own, or
 * calls `recordFailure` from within its hook.
 */
export class Shutdown {
  readonly #deadlineMs: number;
  readonly #print: (line: string) => void;
  readonly #exit: (code: number) => void;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  readonly #parts: Part[] = [];
  readonly #failures: StopFailure[] = [];
  #stopping: Promise<readonly StopFailure[]> | undefined;

  constructor(options: ShutdownOptions = {}) {
    this.#deadlineMs = options.deadlineMs ?? 30_000;
    this.#print = options.print ?? ((line) => void process.stderr.write(`${line}\n`));
    this.#exit = options.exit ?? ((code) => process.exit(code));
    this.#clock = options.clock ?? systemClock;
    this.#sleep = options.sleep ?? systemSleep;
  }

  /**
   * Adds a part that has been started; it is stopped before all parts added earlier. `stop` is given the time it has in
   * ms. Throws SHUTTING_DOWN once stopping has begun: the caller then stops what it has just started.
   */
  add(name: string, stop: (deadlineMs: number) => Promise<void>): void {
    if (this.#stopping !== undefined)
      throw new TidemarkError('SHUTTING_DOWN', `${name} was started while the process is stopping`);
    this.#parts.push({ name, stop });
  }

  /** For failures that end nothing by themselves, but that must not end in exit code 0. */
  recordFailure(name: string, error: unknown): void {
    this.#failures.push({ name, error });
  }

  /** Stops everything once and answers what failed, recorded failures included. Never rejects; callers share one run. */
  stop(): Promise<readonly StopFailure[]> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  /** Stops everything, prints what failed, and ends the process: 0, or 1 if something failed. */
  async exit(): Promise<void> {
    const failures = await this.stop();
    for (const { name, error } of failures) this.#print(`${name}: ${describeError(error)}`);
    this.#exit(failures.length === 0 ? 0 : 1);
  }

  /**
   * Exits as above on the first of these signals; the second one ends the process at once with 130. Returns a function
   * that takes the handlers away.
   */
  onSignals(signals: readonly NodeJS.Signals[]): () => void {
    let received = 0;
    const handle = (signal: NodeJS.Signals): void => {
      received += 1;
      if (received > 1) return this.#exit(EXIT_INTERRUPTED);
      this.#print(`${signal}: stopping, up to ${Math.ceil(this.#deadlineMs / 1_000)} s; once more to stop at once`);
      void this.exit();
    };
    for (const signal of signals) process.on(signal, handle);
    return () => {
      for (const signal of signals) process.off(signal, handle);
    };
  }

  async #stopAll(): Promise<readonly StopFailure[]> {
    const endsAt = this.#clock.now() + this.#deadlineMs;
    for (let left = this.#parts.length; left > 0; left -= 1) {
      const part = this.#parts[left - 1];
      if (part !== undefined) await this.#stopOne(part, endsAt - this.#clock.now(), left - 1);
    }
    return this.#failures;
  }

  async #stopOne(part: Part, remainingMs: number, stillToCome: number): Promise<void> {
    const { deadlineMs, giveUpMs } = shutdownShare(remainingMs, stillToCome);
    try {
      if (await endsWithin(part.stop(deadlineMs), giveUpMs, this.#sleep)) return;
      this.recordFailure(
        part.name,
        new TidemarkError('STOP_DEADLINE_EXCEEDED', `${part.name} did not stop within ${giveUpMs} ms`),
      );
    } catch (error) {
      this.recordFailure(part.name, error);
    }
  }
}
