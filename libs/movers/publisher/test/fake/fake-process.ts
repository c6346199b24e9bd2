import type { Sleep } from '#libs/foundation/lifecycle';

/** A process that can be stopped (SIGSTOP), continued and killed: its code runs on only behind this gate. */
export class FakeProcess {
  #paused = false;
  #dead = false;
  #waiting: (() => void)[] = [];

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** kill -9: what it waited for never comes. */
  kill(): void {
    this.#dead = true;
    this.#waiting = [];
  }

  get dead(): boolean {
    return this.#dead;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** A port as this process sees it: answers reach it only while it runs. */
  wrap<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => this.#through((member as (...all: unknown[]) => unknown).apply(target, args));
      },
    });
  }

  sleep(sleep: Sleep): Sleep {
    return async (ms, signal) => {
      await sleep(ms, signal);
      await this.#gate();
    };
  }

  async #through(answer: unknown): Promise<unknown> {
    try {
      return await answer;
    } finally {
      await this.#gate();
    }
  }

  #gate(): Promise<void> {
    if (this.#dead) return new Promise(() => undefined);
    if (!this.#paused) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(this.#gate()));
    });
  }
}
