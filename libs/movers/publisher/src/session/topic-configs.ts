import { TidemarkError } from '#libs/foundation/kernel';
import { assessTopic } from '../topics/assess-topic.ts';
import type { PublishedTopic } from '../topics/published-topic.ts';
import type { SessionContext } from './session-context.ts';

const CONFIGS_AT_ONCE = 100;

/**
 * Reads what the cluster takes for its topics, and tells once what people would not expect of it. Topics whose configs the
 * cluster does not show keep what was known: the broker's answers tell the limits too, only later, so
 * DESCRIBE_CONFIGS is not demanded.
 */
export async function readTopicConfigs(topics: readonly PublishedTopic[], context: SessionContext): Promise<void> {
  for (let from = 0; from < topics.length; from += CONFIGS_AT_ONCE) {
    const some = topics.slice(from, from + CONFIGS_AT_ONCE);
    try {
      const configs = await context.parts.client.topicConfigs(some.map(({ route }) => route.name));
      for (const topic of some) {
        const known = configs.get(topic.route.name);
        if (known !== undefined) assess(topic, known, context);
      }
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      return;
    }
  }
}

function assess(topic: PublishedTopic, configs: ReadonlyMap<string, string>, { view, parts }: SessionContext): void {
  const { name } = topic.route;
  const replicas = view.topic(name)?.partitions[0]?.replicas.length;
  const { limits, warnings } = assessTopic(configs, { name, replicas, messageMaxBytes: topic.messageMaxBytes });
  topic.limits = limits;
  for (const { code, text } of warnings) {
    if (topic.warned.has(code)) continue;
    topic.warned.add(code);
    parts.observer.topicWarning(topic.name, code, text);
  }
}
