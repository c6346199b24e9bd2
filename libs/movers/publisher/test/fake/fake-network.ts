import { TidemarkError } from '#libs/foundation/kernel';
import type { VirtualTime } from './virtual-time.ts';

/** How likely something happens to a produce request, 0 to 1. */
export interface NetworkFaults {
  loseRequest: number;
  loseAnswer: number;
  /** Arrives late, but before `requestTimeoutMs` have passed. */
  delay: number;
  /** Arrives a second time, before `requestTimeoutMs` have passed. */
  repeat: number;
  /** Any other call fails. */
  failCall: number;
}

export const NO_FAULTS: NetworkFaults = { loseRequest: 0, loseAnswer: 0, delay: 0, repeat: 0, failCall: 0 };

/** Carries requests to brokers and answers back, in order unless something goes wrong. */
export class FakeNetwork {
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly requestTimeoutMs: number;
  faults: NetworkFaults = NO_FAULTS;
  /** Chosen requests are held back until they are let go by hand. */
  hold: ((deliver: () => void) => void) | undefined;
  answersNothing = false;
  /** Brokers that take requests and answer none. */
  readonly silent = new Set<number>();
  #lastArrival = new Map<number, number>();

  constructor(time: VirtualTime, random: () => number, requestTimeoutMs: number) {
    this.time = time;
    this.random = random;
    this.requestTimeoutMs = requestTimeoutMs;
  }

  /** Any call but a produce request. */
  async call<T>(carryOut: () => T, broker?: number): Promise<T> {
    if (this.answersNothing || (broker !== undefined && this.silent.has(broker))) {
      await this.time.sleep(this.requestTimeoutMs);
      throw unreachable();
    }
    await this.time.sleep(this.#latency());
    if (this.random() < this.faults.failCall) throw unreachable();
    const answer = carryOut();
    await this.time.sleep(this.#latency());
    return answer;
  }

  /** A produce request: may be carried out never, late or twice, whatever the sender is told. */
  produce<T>(broker: number, carryOut: () => Promise<T>): Promise<T> {
    const { faults, requestTimeoutMs } = this;
    const lost = this.random() < faults.loseRequest;
    const answerLost = this.random() < faults.loseAnswer;
    const late = this.random() < faults.delay;
    const again = this.random() < faults.repeat;
    const inOrder = Math.max(this.time.now() + this.#latency(), this.#lastArrival.get(broker) ?? 0);
    const arrival = late ? this.time.now() + this.random() * requestTimeoutMs * 0.98 : inOrder;
    if (!late) this.#lastArrival.set(broker, inOrder);
    return new Promise((resolve, reject) => {
      const timeout = this.time.after(requestTimeoutMs, () => reject(unreachable()));
      void timeout;
      // Without an answer the client sees a broken connection, sooner or later.
      if (lost || answerLost) this.time.after(this.random() * requestTimeoutMs, () => reject(unreachable()));
      const arrive = (answer: boolean): void => {
        const answered = async (): Promise<void> => {
          const result = await carryOut();
          if (answer) this.time.after(this.#latency(), () => resolve(result));
        };
        answered().catch(reject);
      };
      if (lost || this.silent.has(broker)) return;
      if (this.hold !== undefined) return this.hold(() => arrive(!answerLost));
      this.time.after(arrival - this.time.now(), () => arrive(!answerLost));
      if (again) this.time.after(this.random() * requestTimeoutMs * 0.98, () => arrive(false));
    });
  }

  #latency(): number {
    return 0.3 + this.random() * 2;
  }
}

export function unreachable(): TidemarkError {
  return new TidemarkError('KAFKA_UNREACHABLE', 'the fake broker cannot be reached');
}
