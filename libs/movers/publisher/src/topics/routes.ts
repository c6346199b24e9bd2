import type { LogTopic } from '../ports.ts';
import { routeOf, type TopicNotRouted, type TopicRoute, type TopicRules } from './route.ts';

/**
 * Where all topics go, by topic id. Two topics never share one on the cluster, nor have names there that differ in `.` and
 * `_` alone: Kafka builds names of metrics from both in the same way and refuses the second one. The older topic, by its
 * id, keeps the name, so that a new topic never stops one that is published already.
 */
export function routesOf(rules: TopicRules, topics: readonly LogTopic[]): Map<number, TopicRoute | TopicNotRouted> {
  const taken = new Map<string, TopicRoute>();
  const routes = new Map<number, TopicRoute | TopicNotRouted>();
  for (const topic of topics.toSorted((a, b) => a.topicId - b.topicId)) {
    const route = routeOf(rules, topic);
    if (route.state !== 'routed') {
      routes.set(topic.topicId, route);
      continue;
    }
    const alike = route.name.replaceAll('.', '_');
    const first = taken.get(alike);
    if (first === undefined) taken.set(alike, route);
    routes.set(topic.topicId, first === undefined ? route : collision(route, first));
  }
  return routes;
}

function collision(route: TopicRoute, first: TopicRoute): TopicNotRouted {
  const { topicId, topic, name } = route;
  const detail =
    name === first.name
      ? `the older topic ${first.topic} is ${name} on this cluster already; change naming, or exclude one of them`
      : `on this cluster it would be ${name}, and the older topic ${first.topic} is ${first.name}: Kafka refuses names that ` +
        'differ in . and _ alone; change naming, or exclude one of them';
  return { state: 'refused', topicId, topic, detail };
}
