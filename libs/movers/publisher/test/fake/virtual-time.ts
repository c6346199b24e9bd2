import type { Sleep } from '#libs/foundation/lifecycle';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

const STEPS_MAX = 500_000;

/** Time that passes only when nothing is left to do: hours take milliseconds, and a seed gives the same run every time. */
export class VirtualTime {
  #now = 1_000_000;
  #order = 0;
  readonly #timers = new Set<Timer>();
  /** A heap; timers that were taken back stay in it until they come up. */
  readonly #queue: Timer[] = [];

  readonly now = (): number => this.#now;

  /** Wall time: some day in 2026. */
  readonly clock = { now: (): number => 1_780_000_000_000 + Math.floor(this.#now) };

  readonly sleep: Sleep = (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const timer = this.after(ms, () => {
        signal?.removeEventListener('abort', aborted);
        resolve();
      });
      const aborted = (): void => {
        this.#timers.delete(timer);
        resolve();
      };
      signal?.addEventListener('abort', aborted, { once: true });
    });

  after(ms: number, fire: () => void): Timer {
    this.#order += 1;
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order, fire };
    this.#timers.add(timer);
    this.#push(timer);
    return timer;
  }

  /** Lets time pass until `done` says so, at most `withinMs`; false when it never did. */
  async run(withinMs: number, done: () => boolean = () => false): Promise<boolean> {
    const end = this.#now + withinMs;
    for (let steps = 0; ; steps += 1) {
      if (steps > STEPS_MAX) throw new Error(`${STEPS_MAX} steps within ${withinMs} ms: something runs in circles`);
      await new Promise((resolve) => setImmediate(resolve));
      if (done()) return true;
      const next = this.#next();
      if (next === undefined || next.at > end) {
        this.#now = end;
        return false;
      }
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
    }
  }

  /** Lets time pass until the work has ended. */
  async until<T>(work: Promise<T>, withinMs: number): Promise<T> {
    let ended = false;
    const end = (): void => void (ended = true);
    work.then(end, end);
    if (!(await this.run(withinMs, () => ended))) throw new Error(`not done after ${withinMs} ms`);
    return work;
  }

  #next(): Timer | undefined {
    while (this.#queue[0] !== undefined && !this.#timers.has(this.#queue[0])) this.#pop();
    return this.#queue[0];
  }

  #push(timer: Timer): void {
    const queue = this.#queue;
    let index = queue.length;
    queue.push(timer);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!earlier(timer, queue[parent]!)) break;
      queue[index] = queue[parent]!;
      index = parent;
    }
    queue[index] = timer;
  }

  #pop(): void {
    const queue = this.#queue;
    const last = queue.pop()!;
    if (queue.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= queue.length) break;
      if (child + 1 < queue.length && earlier(queue[child + 1]!, queue[child]!)) child += 1;
      if (!earlier(queue[child]!, last)) break;
      queue[index] = queue[child]!;
      index = child;
    }
    queue[index] = last;
  }
}

function earlier(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
