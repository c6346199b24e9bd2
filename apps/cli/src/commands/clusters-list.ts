import type { Command } from 'commander';
import { attentionText, canaryText, lagText } from '../output/cluster-text.ts';
import { printJson, printTable } from '../output/show.ts';
import type { ClusterAnswer } from '../relay/cluster-answers.ts';
import { allOf } from '../relay/pages.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

export function clustersListCommand(terminal: Terminal): Command {
  const description = 'list Kafka clusters with their mode, lag and canary';
  return withRelay(commandOf('list', description, ['clusters', 'clusters --json'])).action(
    async (options: RelayOptions) => {
      const clusters = await allOf<ClusterAnswer>(await relayFor(options, terminal), '/v1/clusters');
      if (options.json) return printJson(terminal, clusters);
      await printTable(
        terminal,
        [
          { title: 'CLUSTER' },
          { title: 'MODE' },
          { title: 'REQUIRED' },
          { title: 'TOPICS', align: 'right' },
          { title: 'PARTITIONS', align: 'right' },
          { title: 'LAG', align: 'right' },
          { title: 'DELTA 0' },
          { title: 'CANARY', align: 'right' },
          { title: 'ATTENTION' },
        ],
        clusters.map((cluster) => [
          cluster.name,
          cluster.mode ?? '-',
          cluster.required ? 'yes' : 'no',
          String(cluster.topics.publishing),
          String(cluster.partitions),
          lagText(cluster.lag),
          cluster.deltaZeroEverywhere ? 'yes' : 'no',
          canaryText(cluster.canary),
          attentionText(cluster),
        ]),
        'There are no clusters. Name one in TIDEMARK_CLUSTERS: main=localhost:9092',
      );
    },
  );
}
