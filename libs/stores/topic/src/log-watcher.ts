import { adaptivePause, Loop, type Sleep, systemSleep } from '#libs/foundation/lifecycle';

/** Reads the sequencer's cursor: it moves whenever records were added. */
export type ReadCursor = () => Promise<bigint>;

interface Waiter {
  readonly beyond: bigint;
  readonly wake: (cursor: bigint) => void;
}

const pause = adaptivePause({ minMs: 2, maxMs: 50 });

/**
 * Wakes readers that are at the end of their topics: one question to Postgres per interval for all of them together,
 * and none while nobody waits. Polling, because NOTIFY takes a lock at commit that all writers of the server share.
 */
export class LogWatcher {
  readonly #read: ReadCursor;
  readonly #sleep: Sleep;
  readonly #waiters = new Set<Waiter>();
  readonly #loop: Loop<'nobody waits'>;
  #cursor = -1n;
  #waitMs = 0;

  constructor(read: ReadCursor, onError: (error: unknown) => void, sleep: Sleep = systemSleep) {
    this.#read = read;
    this.#sleep = sleep;
    this.#loop = new Loop({
      name: 'log watcher',
      step: () => this.#step(),
      onError: (error) => {
        onError(error);
        return { waitMs: 500 };
      },
    });
  }

  async start(): Promise<void> {
    if (this.#waiters.size === 0) this.#loop.pause('nobody waits');
    await this.#loop.start();
  }

  async stop(deadlineMs: number): Promise<void> {
    await this.#loop.stop({ deadlineMs });
    for (const waiter of this.#waiters) waiter.wake(this.#cursor);
  }

  /** The present cursor, from Postgres. Read it before reading records, and wait beyond it when there were none. */
  cursor(): Promise<bigint> {
    return this.#read();
  }

  /** Resolves with the new cursor once it is beyond the given one, or with the old one after `timeoutMs` or an abort. */
  waitBeyond(beyond: bigint, timeoutMs: number, signal?: AbortSignal): Promise<bigint> {
    if (this.#cursor > beyond) return Promise.resolve(this.#cursor);
    if (signal?.aborted === true) return Promise.resolve(beyond);
    return new Promise((resolve) => {
      // Ends with the wait: a timer of its own would stay for the whole time of each wait that was woken early.
      const timer = new AbortController();
      const giveUp = (): void => waiter.wake(beyond);
      const waiter: Waiter = {
        beyond,
        wake: (cursor) => {
          if (!this.#waiters.delete(waiter)) return;
          timer.abort();
          signal?.removeEventListener('abort', giveUp);
          if (this.#waiters.size === 0) this.#loop.pause('nobody waits');
          resolve(cursor);
        },
      };
      void this.#sleep(timeoutMs, timer.signal).then(giveUp);
      signal?.addEventListener('abort', giveUp);
      this.#waiters.add(waiter);
      this.#loop.resume('nobody waits');
    });
  }

  /** To be told by a sequencer in the same process, after its commit: its readers need not wait for the next question. */
  moved(cursor: bigint): boolean {
    if (cursor <= this.#cursor) return false;
    this.#cursor = cursor;
    for (const waiter of this.#waiters) if (cursor > waiter.beyond) waiter.wake(cursor);
    return true;
  }

  async #step(): Promise<{ waitMs: number }> {
    this.#waitMs = pause(this.#waitMs, this.moved(await this.#read()));
    return { waitMs: this.#waitMs };
  }
}
