import type { Topics } from '../ports/topics.ts';
import type { SubscriptionSettings } from '../subscription/subscription-settings.ts';
import { sideTopicsOf, type TopicRoute, topicRoutes } from '../subscription/topic-routes.ts';

/** Keeps the routes of a group in line with the topics there are, and sees to it that their retry topics and dlqs exist. */
export class TopicWatch<Tx> {
  readonly #topics: Topics;
  readonly #subscriptions: readonly SubscriptionSettings<Tx>[];
  readonly #changed: (topics: readonly string[]) => void;
  /** What was routed once stays so: records of a topic that was deleted may still be under way. */
  readonly #routes = new Map<string, TopicRoute<SubscriptionSettings<Tx>>>();
  #subscribed = '';

  constructor(
    topics: Topics,
    subscriptions: readonly SubscriptionSettings<Tx>[],
    changed: (topics: readonly string[]) => void,
  ) {
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

  /** Throws what listing and creating topics throw, CONSUMER_INVALID and TOPIC_INVALID. */
  async refresh(): Promise<void> {
    const existing = await this.#topics.list();
    const routes = topicRoutes(this.#subscriptions, existing);
    const known = new Set(existing);
    const missing = sideTopicsOf(routes).filter(({ topic, source }) => known.has(source) && !known.has(topic));
    if (missing.length > 0) await this.#topics.ensure(missing);
    for (const [topic, route] of routes) this.#routes.set(topic, route);
    const topics = [...routes.keys()].sort();
    if (topics.join() === this.#subscribed) return;
    this.#changed(topics);
    // Behind it: what was refused (too many topics, say) is told again.
    this.#subscribed = topics.join();
  }
}
