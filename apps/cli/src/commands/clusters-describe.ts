import type { Command } from 'commander';
import { clusterText, lagText } from '../output/cluster-text.ts';
import { printJson, printTable } from '../output/show.ts';
import type { ClusterDetailAnswer, ClusterTopicAnswer, ClusterTopicDetailAnswer } from '../relay/cluster-answers.ts';
import { pagesOf } from '../relay/pages.ts';
import type { RelayClient } from '../relay/relay-client.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

export function clustersDescribeCommand(terminal: Terminal): Command {
  const examples = ['clusters describe main', 'clusters describe main orders'];
  const description = 'show a cluster with its topics, or one of them partition by partition';
  return withRelay(
    commandOf('describe <cluster> [topic]', description, examples).argument('<cluster>').argument('[topic]'),
  ).action(async (cluster: string, topic: string | undefined, options: RelayOptions) => {
    const client = await relayFor(options, terminal);
    const path = `/v1/clusters/${encodeURIComponent(cluster)}`;
    if (topic !== undefined) return describeTopic(terminal, client, path, topic, options);
    const { cluster: about } = await client.call<ClusterDetailAnswer>(path, { query: { limit: 1 } });
    const topics: ClusterTopicAnswer[] = [];
    for await (const page of pagesOf<ClusterTopicAnswer>(client, path)) topics.push(...page);
    if (options.json) return printJson(terminal, { ...about, clusterTopics: topics });
    await terminal.print(`${clusterText(about)}\n`);
    await printTable(
      terminal,
      [{ title: 'TOPIC' }, { title: 'ON THE CLUSTER' }, { title: 'STATE' }, { title: 'WHY' }],
      topics.map(({ topic: name, nameOnCluster, state, detail }) => [name, nameOnCluster, state, detail]),
      'No topic goes to it yet.',
    );
  });
}

async function describeTopic(
  terminal: Terminal,
  client: RelayClient,
  path: string,
  name: string,
  options: RelayOptions,
): Promise<void> {
  const topic = await client.call<ClusterTopicDetailAnswer>(`${path}/topics/${encodeURIComponent(name)}`);
  if (options.json) return printJson(terminal, topic);
  const why = topic.detail === '' ? '' : `: ${topic.detail}`;
  await terminal.print(`${topic.topic}: ${topic.nameOnCluster} on the cluster, ${topic.state}${why}\n`);
  await printTable(
    terminal,
    [
      { title: 'PARTITION', align: 'right' },
      { title: 'ACKED', align: 'right' },
      { title: 'END', align: 'right' },
      { title: 'LAG', align: 'right' },
      { title: 'DELTA', align: 'right' },
      { title: 'SEGMENTS', align: 'right' },
      { title: 'PHASE' },
      { title: 'TROUBLE' },
    ],
    topic.partitions.map((each) => [
      String(each.partition),
      each.ackedOffset,
      each.endOffset,
      lagText(each.lag),
      each.delta ?? '-',
      String(each.segments.length + each.segmentsLeftOut),
      each.phase ?? '-',
      each.trouble ?? '',
    ]),
    'It has no partitions.',
  );
}
