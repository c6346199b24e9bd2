import type { Topics } from '../ports/topics.ts';
import type { SubscriptionSettings } from '../subscription/subscription-settings.ts';
import { sideTopicsOf, type TopicRoute, topicRoutes } from '../subscription/topic-routes.ts';

/** Keeps the routes of a group in line with the topics there are, and sees to it that their retry topics and dlqs exist. */
export class TopicWatch<Tx> {
  readonly #topics: Topics;
  readonly #subscriptions: readonly SubscriptionSettings<Tx>[];
  readonly #changed: (topics: readonly string[]) => void;
  readonly #missed: (subscription: string, topic: string) => void;
  #missing: ReadonlySet<string> = new Set();
  /** What was routed once stays so: records of a topic that was deleted may still be under way. */
  readonly #routes = new Map<string, TopicRoute<SubscriptionSettings<Tx>>>();
  #subscribed = '';

  constructor(
    topics: Topics,
    subscriptions: readonly SubscriptionSettings<Tx>[],
    changed: (topics: readonly string[]) => void,
    missed: (subscription: string, topic: string) => void,
  ) {
    this.#missed = missed;
    this.#topics = topics;
    this.#subscriptions = subscriptions;
    this.#changed = changed;
  }

  routeOf(topic: string): TopicRoute<SubscriptionSettings<Tx>> | undefined {
    return this.#routes.get(topic);
  }

  /** The source topics of a subscription. */
  sourcesOf(name: string): string[] {
    return [...this.#routes.values()]
      .filter((route) => route.tier === 0 && route.subscription.name === name)
      .map((route) => route.source);
  }

  /** Those of them that do not exist. */
  missingOf(name: string): string[] {
    return this.sourcesOf(name).filter((topic) => this.#missing.has(topic));
  }

  /** Throws what listing and creating topics throw, CONSUMER_INVALID and TOPIC_INVALID. */
  async refresh(): Promise<void> {
    const existing = await this.#topics.list();
    const routes = topicRoutes(this.#subscriptions, existing);
    const known = new Set(existing);
    const missing = sideTopicsOf(routes).filter(({ topic, source }) => known.has(source) && !known.has(topic));
    if (missing.length > 0) await this.#topics.ensure(missing);
    for (const [topic, route] of routes) this.#routes.set(topic, route);
    this.#note(known);
    const topics = [...routes.keys()].sort();
    if (topics.join() === this.#subscribed) return;
    this.#changed(topics);
    // Behind it: what was refused (too many topics, say) is told again.
    this.#subscribed = topics.join();
  }

  #note(known: ReadonlySet<string>): void {
    const before = this.#missing;
    const missing = [...this.#routes.values()].filter(({ tier, source }) => tier === 0 && !known.has(source));
    this.#missing = new Set(missing.map(({ source }) => source));
    for (const { source, subscription } of missing) {
      if (!before.has(source)) this.#missed(subscription.name, source);
    }
  }
}
