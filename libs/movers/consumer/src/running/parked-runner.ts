import { adaptivePause, type AdaptivePause } from '#libs/foundation/lifecycle';
import { historyOf } from '../failure/failure-history.ts';
import type { ParkedRecord } from '../ports/inbox.ts';
import { ParkedOrigin } from './parked-origin.ts';
import { partitionKeyOf } from './partition-key.ts';
import type { QueuedMessage } from './queued-message.ts';
import type { SubscriptionRunner } from './subscription-runner.ts';

/**
 * Lets the parked messages of a subscription go on, one at a time, when what they waited for was handled or resolved. Any member
 * of the group does: a key is in the hands of one transaction at a time.
 */
export class ParkedRunner<Tx> {
  readonly #subscription: SubscriptionRunner<Tx>;
  readonly #topics: () => readonly string[];
  readonly #pause: AdaptivePause;
  readonly #ending = new AbortController();
  readonly #lost = new AbortController();
  #waitMs = 0;
  #step: Promise<{ waitMs: number }> | undefined;

  constructor(subscription: SubscriptionRunner<Tx>, topics: () => readonly string[], intervalMs: number) {
    this.#subscription = subscription;
    this.#topics = topics;
    this.#pause = adaptivePause({ minMs: 0, maxMs: intervalMs });
  }

  /** One message, or a look for one. */
  step(): Promise<{ waitMs: number }> {
    this.#step = this.#run();
    return this.#step;
  }

  /** Resolves when nothing is under way. */
  async drained(): Promise<void> {
    await Promise.allSettled([this.#step]);
  }

  async #run(): Promise<{ waitMs: number }> {
    const found = this.#subscription.mayBegin ? await this.#next() : null;
    const ended = found === null ? 'given-up' : await this.#subscription.messages.runOne(this.#queued(found), false);
    this.#waitMs = this.#pause(this.#waitMs, ended === 'done');
    return { waitMs: this.#waitMs };
  }

  /** No further try begins. */
  end(): void {
    this.#ending.abort();
  }

  /** Nothing may be committed any more. */
  lose(): void {
    this.#ending.abort();
    this.#lost.abort();
  }

  /** Looks at the next one, so that it can be decoded before the transaction that handles it begins, and leaves it there. */
  async #next(): Promise<ParkedRecord | null> {
    const { transactions, inbox, settings } = this.#subscription.parts;
    const topics = this.#topics();
    if (topics.length === 0) return null;
    let seen: ParkedRecord | null = null;
    const look = transactions.run(async (tx) => {
      seen = await inbox.takeParked(await transactions.queryable(tx), settings.group, topics);
      if (seen !== null) throw new SeenError();
    });
    await look.catch((error: unknown) => {
      if (seen === null) throw error;
    });
    return seen;
  }

  #queued({ record }: ParkedRecord): QueuedMessage {
    const { inbox, settings, cluster } = this.#subscription.parts;
    const signals = { ending: this.#ending.signal, lost: this.#lost.signal };
    return {
      record,
      origin: new ParkedOrigin(inbox, settings.group, record, signals),
      source: record.topic,
      tier: 0,
      parked: true,
      history: historyOf(record, 0, cluster),
      partition: partitionKeyOf(record),
      lane: null,
      offset: record.offset,
      bytes: 0,
      failed: 0,
    };
  }
}

/** Rolls back the look at a message. */
class SeenError extends Error {}
