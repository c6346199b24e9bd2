import { TidemarkError } from '#libs/foundation/kernel';
import { isExactName, matchTopics, type TopicPattern } from '#libs/stores/topic';
import type { SideTopic } from '../ports/topics.ts';
import { sideTopics } from './side-topics.ts';

/** What of a subscription decides about topics. */
export interface Routed {
  readonly name: string;
  readonly group: string;
  readonly topics: readonly TopicPattern[];
  readonly retryTiers: readonly { readonly delayMs: number }[];
}

/** Whose records a topic has. */
export interface TopicRoute<S extends Routed> {
  readonly subscription: S;
  /** The topic in which its messages were first published. */
  readonly source: string;
  /** 0 for the source itself, else the number of the retry topic. */
  readonly tier: number;
}

/**
 * Which subscription of one group gets which topic: names first, whether or not they exist, then what patterns select of the
 * topics there are, in the order of the subscriptions; and the retry topics of all those. Throws CONSUMER_INVALID when two
 * subscriptions name one topic, TOPIC_INVALID.
 */
export function topicRoutes<S extends Routed>(
  subscriptions: readonly S[],
  existing: readonly string[],
): ReadonlyMap<string, TopicRoute<S>> {
  const routes = new Map<string, TopicRoute<S>>();
  for (const subscription of subscriptions) {
    for (const topic of subscription.topics.filter(isExactName)) addNamed(routes, subscription, topic);
  }
  const named = new Set(routes.keys());
  for (const subscription of subscriptions) {
    const patterns = subscription.topics.filter((topic) => !isExactName(topic));
    for (const topic of matchTopics(patterns, existing)) {
      if (!routes.has(topic)) routes.set(topic, { subscription, source: topic, tier: 0 });
    }
  }
  const retries = retryRoutes(routes);
  // A pattern that says `retry` selects those of others; its own are no sources.
  const own = [...retries].filter(([topic]) => !named.has(topic) && !retries.has(retries.get(topic)!.source));
  for (const [topic, route] of own) routes.set(topic, route);
  return routes;
}

/** The retry topics and dlqs that the sources among the routes need. */
export function sideTopicsOf(routes: ReadonlyMap<string, TopicRoute<Routed>>): SideTopic[] {
  return [...routes.values()].flatMap(({ subscription, source, tier }) => {
    if (tier > 0) return [];
    const { retry, dlq } = sideTopics(source, subscription.group, subscription.retryTiers.length);
    return [...retry, dlq].map((topic) => ({ topic, source }));
  });
}

function retryRoutes<S extends Routed>(sources: ReadonlyMap<string, TopicRoute<S>>): Map<string, TopicRoute<S>> {
  const routes = new Map<string, TopicRoute<S>>();
  for (const { subscription, source } of sources.values()) {
    sideTopics(source, subscription.group, subscription.retryTiers.length).retry.forEach((retry, index) => {
      routes.set(retry, { subscription, source, tier: index + 1 });
    });
  }
  return routes;
}

function addNamed<S extends Routed>(routes: Map<string, TopicRoute<S>>, subscription: S, topic: string): void {
  const other = routes.get(topic)?.subscription;
  if (other !== undefined && other !== subscription) {
    throw new TidemarkError(
      'CONSUMER_INVALID',
      `subscriptions ${other.name} and ${subscription.name} of group ${subscription.group} both name topic ${topic}`,
      { remedy: 'Give one of them another group, or handle the topic in one subscription.' },
    );
  }
  routes.set(topic, { subscription, source: topic, tier: 0 });
}
