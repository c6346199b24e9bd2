import { TidemarkError } from '#libs/foundation/kernel';
import type { SideTopic } from '../ports/topics.ts';
import { isSideTopic, sideTopics } from './side-topics.ts';
import type { TopicSelector } from './subscription.ts';
import { isPattern, selectorTest } from './topic-selector.ts';

/** What of a subscription decides about topics. */
export interface Routed {
  readonly name: string;
  readonly group: string;
  readonly topics: readonly TopicSelector[];
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
    for (const topic of subscription.topics) {
      if (typeof topic === 'string' && !isPattern(topic)) addNamed(routes, subscription, topic);
    }
  }
  const candidates = [...existing].sort().filter((topic) => !isSideTopic(topic));
  for (const subscription of subscriptions) {
    const tests = subscription.topics.filter(isPattern).map(selectorTest);
    for (const topic of candidates) {
      if (!routes.has(topic) && tests.some((test) => test(topic)))
        routes.set(topic, { subscription, source: topic, tier: 0 });
    }
  }
  const sources = [...routes.values()];
  for (const { subscription, source } of sources) {
    sideTopics(source, subscription.group, subscription.retryTiers.length).retry.forEach((retry, index) => {
      if (!routes.has(retry)) routes.set(retry, { subscription, source, tier: index + 1 });
    });
  }
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
