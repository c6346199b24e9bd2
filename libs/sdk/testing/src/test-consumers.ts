import { TidemarkError } from '#libs/foundation/kernel';
import { systemSleep } from '#libs/foundation/lifecycle';
import type { Consumer, ConsumerStatus } from '#libs/movers/consumer';
import type { TestTime } from './test-time.ts';

/** Between two steps of the clock while a consumer stops, real ms. */
const STEP_MS = 1;
const STOP_MS = 5_000;

/** The consumers that a harness has made. */
export class TestConsumers {
  readonly #consumers: Consumer[] = [];
  readonly #time: TestTime;
  readonly #before: () => Promise<void>;

  /** @param before runs before the first of them starts. */
  constructor(time: TestTime, before: () => Promise<void>) {
    this.#time = time;
    this.#before = before;
  }

  add(consumer: Consumer): Consumer {
    const held: Consumer = {
      start: async () => {
        await this.#before();
        await consumer.start();
      },
      stop: (options) => this.#moving(consumer.stop(options)),
      pause: (name) => consumer.pause(name),
      resume: (name) => consumer.resume(name),
      status: () => consumer.status(),
    };
    this.#consumers.push(held);
    return held;
  }

  status(): ConsumerStatus[] {
    return this.#consumers.map((consumer) => consumer.status());
  }

  refuseNone(): void {
    if (this.#consumers.length > 0) return;
    throw new TidemarkError('CONSUMER_INVALID', 'no consumer was made by this harness', {
      remedy: 'Call createConsumer of the harness, and start the consumer.',
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop({ deadlineMs: STOP_MS })));
  }

  /** A stop waits on the clock, too, which nobody else moves in the meantime. */
  async #moving<T>(work: Promise<T>): Promise<T> {
    const over = new AbortController();
    const settled = work.finally(() => over.abort());
    settled.catch(() => undefined);
    while (!over.signal.aborted) {
      await systemSleep(STEP_MS, over.signal);
      const next = this.#time.nextWait;
      if (!over.signal.aborted && next !== null) this.#time.moveTo(next);
    }
    return settled;
  }
}
