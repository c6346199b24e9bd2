import type { Clock } from '#libs/foundation/kernel';
import { Loop, type Sleep } from '#libs/foundation/lifecycle';
import { matchTopics, type TopicPattern } from './topic-pattern.ts';

export interface PatternSubscriptionOptions {
  readonly patterns: readonly TopicPattern[];
  /** The names of all topics. A failure is reported and tried again; until then the subscription stays as it is. */
  readonly listTopics: () => Promise<readonly string[]>;
  /** Told about the topics at the first listing and whenever they change, for example `GroupMember.subscribe`. */
  readonly subscribe: (topics: readonly string[]) => void;
  /** Between two listings, ms; default 5,000. */
  readonly intervalMs?: number;
  /** Must not throw. */
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
}

/**
 * Keeps a subscription by patterns up to date: topics that come into being are subscribed to, ones that are gone are
 * dropped, within `intervalMs`. Exact names are always part of it. What a `subscribe` that throws was told is told again
 * at the next listing.
 */
export class PatternSubscription {
  readonly #options: PatternSubscriptionOptions;
  readonly #loop: Loop;
  #told: string | undefined;

  constructor(options: PatternSubscriptionOptions) {
    this.#options = options;
    const waitMs = options.intervalMs ?? 5_000;
    this.#loop = new Loop({
      name: 'topic patterns',
      step: async () => {
        await this.#resolve();
        return { waitMs };
      },
      onError: (error) => {
        options.onError?.(error);
        return { waitMs };
      },
      clock: options.clock,
      sleep: options.sleep,
    });
  }

  /** Begins to list topics. */
  start(): Promise<void> {
    return this.#loop.start();
  }

  /** Ends after the listing under way. Rejects with STOP_DEADLINE_EXCEEDED when that hangs. */
  async stop(options: { readonly deadlineMs: number }): Promise<void> {
    await this.#loop.stop(options);
  }

  async #resolve(): Promise<void> {
    const topics = matchTopics(this.#options.patterns, await this.#options.listTopics());
    const told = topics.join();
    if (told === this.#told) return;
    this.#options.subscribe(topics);
    this.#told = told;
  }
}
