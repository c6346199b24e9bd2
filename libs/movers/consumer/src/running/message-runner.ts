import { backoffMs } from '#libs/foundation/kernel';
import type { Breaker } from '../breaker/breaker.ts';
import type { HandledAs } from '../consumer-observer.ts';
import {
  type FailureKind,
  nextTryInMs,
  RETRY_DECISIONS,
  type RetryStage,
  stageAfter,
} from '../failure/retry-decision.ts';
import type { DecodedRecord } from '../ports/decoder.ts';
import { classifyDecoding, classifyTry } from './classify-try.ts';
import { MoveOn } from './move-on.ts';
import { deliveryName, type QueuedMessage } from './queued-message.ts';
import type { RunParts } from './run-parts.ts';
import { type DecodedMessage, tryMessages } from './try-messages.ts';

/** `hold`: back into the queue; `given-up`: it is delivered again, by whoever has the partition then. */
export type RunEnd = 'done' | 'hold' | 'given-up';

interface Failed {
  readonly kind: FailureKind;
  readonly error: unknown;
}

/** Takes messages to their end: handled, moved on, back in the queue, or given up. Never rejects but for a defect. */
export class MessageRunner<Tx> {
  readonly #parts: RunParts<Tx>;
  readonly #breaker: Breaker;
  readonly #moveOn: MoveOn<Tx>;

  constructor(parts: RunParts<Tx>, breaker: Breaker) {
    this.#parts = parts;
    this.#breaker = breaker;
    this.#moveOn = new MoveOn(parts);
  }

  /** One message. `probe`: the breaker waits for how it ends. */
  async runOne(message: QueuedMessage, probe: boolean): Promise<RunEnd> {
    const { clock, sleep, settings } = this.#parts;
    let startedAt = clock.now();
    const triedBefore = message.failed;
    let open = probe;
    const tell = (outcome: 'succeeded' | 'failed' | 'inconclusive'): void => {
      if (open || message.tier === 0) this.#breaker.end(outcome, open, clock.now());
      open = false;
    };
    try {
      for (let waits = 0; ;) {
        if (message.origin.ending.aborted) return 'given-up';
        const failed = await this.#try([message]);
        if (failed === null) {
          tell('succeeded');
          return 'done';
        }
        const counted = failed.kind !== 'transient' && failed.kind !== 'cancelled';
        if (counted) message.failed += 1;
        this.#report(message, failed, counted);
        const soFar = { tries: message.failed - triedBefore, elapsedMs: clock.now() - startedAt, tier: message.tier };
        const waitMs = failed.kind === 'retryable' ? nextTryInMs(settings, soFar, this.#parts.random()) : null;
        if (failed.kind === 'retryable' && (open || waitMs === null)) tell('failed');
        const action = RETRY_DECISIONS[failed.kind][this.#stage(waitMs, message.tier)];
        switch (action) {
          case 'give-up':
            return 'given-up';
          case 'hold':
            return 'hold';
          case 'retry':
            await sleep(waitMs!, message.origin.ending);
            break;
          case 'wait':
            // What the database was away for does not count as time in which the message was tried.
            startedAt += await this.#wait(message, failed.error, waits);
            waits += 1;
            break;
          default:
            return (await this.#move(message, failed, action)) ? 'done' : 'given-up';
        }
      }
    } finally {
      if (open) tell('inconclusive');
    }
  }

  /**
   * Messages of one partition in one transaction. Null when they have to be handled one by one, because the batch failed
   * for a reason that may lie with one of them.
   */
  async runBatch(messages: readonly QueuedMessage[]): Promise<RunEnd | null> {
    const first = messages[0]!;
    for (let waits = 0; ; waits += 1) {
      if (first.origin.ending.aborted) return 'given-up';
      const failed = await this.#try(messages);
      if (failed === null) {
        if (first.tier === 0) this.#breaker.end('succeeded', false, this.#parts.clock.now());
        return 'done';
      }
      if (failed.kind === 'cancelled') return 'given-up';
      if (failed.kind !== 'transient') {
        this.#parts.observer.batchSplit?.(deliveryName(first, this.#parts.settings), messages.length, failed.error);
        return null;
      }
      this.#report(first, failed, false);
      await this.#wait(first, failed.error, waits);
    }
  }

  #stage(waitMs: number | null, tier: number): RetryStage {
    if (this.#breaker.state !== 'closed') return 'breaker-open';
    return waitMs === null ? stageAfter(this.#parts.settings, tier) : 'in-place';
  }

  async #try(messages: readonly QueuedMessage[]): Promise<Failed | null> {
    const { settings, transactions, clock, troubles, observer } = this.#parts;
    const { origin } = messages[0]!;
    const startedAt = clock.now();
    const decoded = await this.#decode(messages);
    if ('kind' in decoded) return decoded;
    const result = await tryMessages(this.#parts, origin, decoded.messages);
    if (!result.ok)
      return { kind: classifyTry(result, origin.lost.aborted, settings, transactions), error: result.error };
    troubles.clear(settings.name);
    origin.finish(messages.map((message) => message.record.offset));
    for (const [index, message] of messages.entries()) {
      const as = result.ended[index] as HandledAs | 'gone';
      const attempt = message.history.attempts + message.failed + 1;
      if (as !== 'gone') observer.handled?.(deliveryName(message, settings), as, clock.now() - startedAt, attempt);
    }
    return null;
  }

  async #decode(messages: readonly QueuedMessage[]): Promise<{ readonly messages: DecodedMessage[] } | Failed> {
    const decoded: DecodedMessage[] = [];
    for (const message of messages) {
      try {
        const value: DecodedRecord = await this.#parts.decoder.decode(message.record, this.#parts.settings.name);
        decoded.push({ message, decoded: value });
      } catch (error) {
        return { kind: classifyDecoding(error, message.origin.lost.aborted), error };
      }
    }
    return { messages: decoded };
  }

  async #wait(message: QueuedMessage, error: unknown, waits: number): Promise<number> {
    const { clock, troubles, troubleBackoff, random, sleep, settings } = this.#parts;
    const startedAt = clock.now();
    troubles.set(settings.name, error);
    await sleep(backoffMs(waits, troubleBackoff, random()), message.origin.ending);
    return clock.now() - startedAt;
  }

  async #move(message: QueuedMessage, failed: Failed, to: 'next-tier' | 'dead-letter'): Promise<boolean> {
    const { settings, observer } = this.#parts;
    const moved = await this.#moveOn.run(message, {
      error: failed.error,
      undecodable: failed.kind === 'undecodable',
      to,
    });
    if (moved === null) return false;
    message.origin.finish([message.record.offset]);
    observer.movedOn?.(deliveryName(message, settings), moved.sentTo, moved.dueAt, failed.error);
    return true;
  }

  #report(message: QueuedMessage, failed: Failed, counted: boolean): void {
    const { observer, settings } = this.#parts;
    const attempt = message.history.attempts + message.failed + (counted ? 0 : 1);
    observer.tryFailed?.(deliveryName(message, settings), attempt, failed.error, counted);
  }
}
