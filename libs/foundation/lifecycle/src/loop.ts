import { assert, type Clock, describeError, systemClock, TidemarkError } from '#libs/foundation/kernel';
import { endsWithin } from './ends-within.ts';
import { type LoopEvent, type LoopState, nextLoopState } from './loop-state.ts';
import { type Sleep, systemSleep } from './sleep.ts';

/** How long a step may take to notice that its signal was aborted, before its loop is given up; ms. */
export const STOP_GRACE_MS = 1_000;

export interface LoopStateChange {
  readonly loop: string;
  readonly from: LoopState;
  readonly to: LoopState;
  /** Why, when `to` is `failed`. */
  readonly error?: unknown;
}

export interface LoopOptions {
  /** Shown in logs, metrics and errors. */
  readonly name: string;
  /**
   * One piece of work. `waitMs` is the wait before the next one; 0 is at once, after other work of the event loop has had
   * its turn. The signal is aborted only when a stop has run out of time: pass it to whatever can be cancelled.
   */
  readonly step: (signal: AbortSignal) => Promise<{ waitMs: number }>;
  /** Reports the error of a step and decides: try again after `waitMs`, or end the loop as failed. */
  readonly onError: (error: unknown) => { waitMs: number } | 'fail';
  /** Told once about each change. Must not throw. */
  readonly onStateChange?: (change: LoopStateChange) => void;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
}

export interface LoopStatus {
  readonly name: string;
  readonly state: LoopState;
  /** Sorted; may be non-empty in any state: the loop pauses as soon as it runs. */
  readonly pauseReasons: readonly string[];
  readonly stepsEnded: number;
  /** Start of the step that is running now, in epoch ms: an old one is a stuck step. */
  readonly stepStartedAt: number | null;
  readonly lastStepEndedAt: number | null;
  readonly lastError: string | null;
}

/**
 * A named background loop: one step at a time, never two at once. Nothing happens before `start`. `Reason` names the
 * reasons for which this loop may be paused. States and their changes: loop-state.ts.
 */
export class Loop<Reason extends string = string> {
  readonly name: string;
  readonly #options: LoopOptions;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  readonly #pauseReasons = new Set<Reason>();
  #state: LoopState = 'idle';
  #ended: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;
  #cancelStep = new AbortController();
  #wait: AbortController | undefined;
  #woken = false;
  #stepsEnded = 0;
  #stepStartedAt: number | null = null;
  #lastStepEndedAt: number | null = null;
  #lastError: unknown;

  constructor(options: LoopOptions) {
    this.name = options.name;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#sleep = options.sleep ?? systemSleep;
  }

  get state(): LoopState {
    return this.#state;
  }

  status(): LoopStatus {
    return {
      name: this.name,
      state: this.#state,
      pauseReasons: [...this.#pauseReasons].sort(),
      stepsEnded: this.#stepsEnded,
      stepStartedAt: this.#stepStartedAt,
      lastStepEndedAt: this.#lastStepEndedAt,
      lastError: this.#lastError === undefined ? null : describeError(this.#lastError),
    };
  }

  /**
   * Begins the first step; does nothing when the loop runs already. A stopped loop may be started again. Rejects with
   * SHUTTING_DOWN while it drains, and with INTERNAL when it has failed.
   */
  async start(): Promise<void> {
    const next = nextLoopState(this.#state, 'start');
    if (next === this.#state) return;
    if (next === 'refused') throw this.#startRefused();
    this.#cancelStep = new AbortController();
    this.#stopping = undefined;
    this.#change('start');
    if (this.#pauseReasons.size > 0) this.#change('pause');
    this.#ended = this.#run(this.#cancelStep.signal);
  }

  /** No new step begins until `resume` was called with the same reason (and with every other reason given meanwhile). */
  pause(reason: Reason): void {
    this.#pauseReasons.add(reason);
    this.#change('pause');
  }

  /** Takes a pause reason back. When it was the last one, the next step begins at once. */
  resume(reason: Reason): void {
    if (!this.#pauseReasons.delete(reason) || this.#pauseReasons.size > 0) return;
    this.#change('resume');
    this.wake();
  }

  /** Cuts the present wait short, or skips the next one if a step is running. Does not end a pause. */
  wake(): void {
    this.#woken = true;
    this.#wait?.abort();
  }

  /**
   * Lets the step that is running end, begins no other one, and resolves when it has ended. After `deadlineMs` the
   * signal of the step is aborted; when the step does not end within STOP_GRACE_MS after that, rejects with
   * STOP_DEADLINE_EXCEEDED and the loop counts as failed. Later callers share the first call's deadline and result.
   */
  stop(options: { deadlineMs: number }): Promise<void> {
    this.#stopping ??= this.#drain(options.deadlineMs);
    return this.#stopping;
  }

  async #drain(deadlineMs: number): Promise<void> {
    this.#change('stop');
    this.wake();
    if (await endsWithin(this.#ended, deadlineMs, this.#sleep)) return;
    this.#cancelStep.abort();
    // The state too: the step may have ended in the same turn in which the time ran out.
    if ((await endsWithin(this.#ended, STOP_GRACE_MS, this.#sleep)) || !this.#is('draining')) return;
    const error = new TidemarkError(
      'STOP_DEADLINE_EXCEEDED',
      `loop ${this.name}: its step did not end within ${deadlineMs} ms, nor within ${STOP_GRACE_MS} ms after it was cancelled`,
      { context: { loop: this.name, deadlineMs, graceMs: STOP_GRACE_MS } },
    );
    this.#fail(error);
    throw error;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (this.#is('running') || this.#is('paused')) {
      if (this.#is('paused')) {
        await this.#untilInterrupted(
          (wait) => new Promise((resolve) => wait.addEventListener('abort', () => resolve())),
        );
        continue;
      }
      this.#woken = false;
      const waitMs = await this.#step(signal);
      // Only while running: a pause or a stop that came during the step has nothing left to interrupt.
      if (this.#is('running')) {
        const ms = this.#woken ? 0 : waitMs;
        await this.#untilInterrupted((wait) => this.#sleep(ms, wait));
      }
    }
    if (this.#is('draining')) this.#change('drained');
  }

  /** Returns the wait that follows, in ms; the state is `failed` afterwards if the loop has to end. */
  async #step(signal: AbortSignal): Promise<number> {
    this.#stepStartedAt = this.#clock.now();
    try {
      const { waitMs } = await this.#options.step(signal);
      assert(waitMs >= 0, `loop ${this.name}: a step returned waitMs ${waitMs}`);
      return waitMs;
    } catch (error) {
      // What a cancelled step throws about its cancellation is the answer that was asked for.
      if (signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError')))
        return 0;
      return this.#decideAfter(error);
    } finally {
      this.#stepStartedAt = null;
      this.#lastStepEndedAt = this.#clock.now();
      this.#stepsEnded += 1;
    }
  }

  #decideAfter(error: unknown): number {
    this.#lastError = error;
    try {
      const decision = this.#options.onError(error);
      if (decision !== 'fail') return Math.max(0, decision.waitMs);
      this.#fail(error);
    } catch (second) {
      this.#fail(new AggregateError([error, second], `loop ${this.name}: handling the error of a step failed too`));
    }
    return 0;
  }

  async #untilInterrupted(wait: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#wait = new AbortController();
    await wait(this.#wait.signal);
    this.#wait = undefined;
  }

  #fail(error: unknown): void {
    this.#lastError = error;
    this.#change('fail', error);
  }

  #is(state: LoopState): boolean {
    return this.#state === state;
  }

  #change(event: LoopEvent, error?: unknown): void {
    const from = this.#state;
    const to = nextLoopState(from, event);
    assert(to !== 'refused', `loop ${this.name}: ${event} while ${from}`);
    if (to === from) return;
    this.#state = to;
    this.#options.onStateChange?.({
      loop: this.name,
      from,
      to,
      ...(error === undefined ? {} : { error }),
    });
  }

  #startRefused(): TidemarkError {
    const context = { loop: this.name, state: this.#state };
    if (this.#is('draining'))
      return new TidemarkError('SHUTTING_DOWN', `loop ${this.name} is stopping; start it when it has stopped`, {
        context,
      });
    return new TidemarkError('INTERNAL', `loop ${this.name} has failed and cannot be started again`, {
      context,
      cause: this.#lastError,
    });
  }
}
