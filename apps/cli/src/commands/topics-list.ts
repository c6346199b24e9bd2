import type { Command } from 'commander';
import { printJson, printTable } from '../output/show.ts';
import type { TopicAnswer } from '../relay/answers.ts';
import { allOf } from '../relay/pages.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';
import { retentionText } from './topic-settings.ts';

export function topicsListCommand(terminal: Terminal): Command {
  return withRelay(commandOf('list', 'list topics', ['topics', 'topics --json'])).action(
    async (options: RelayOptions) => {
      const topics = await allOf<TopicAnswer>(await relayFor(options, terminal), '/v1/topics');
      if (options.json) return printJson(terminal, topics);
      await printTable(
        terminal,
        [
          { title: 'TOPIC' },
          { title: 'PARTITIONS', align: 'right' },
          { title: 'ORDERING' },
          { title: 'MAX BYTES', align: 'right' },
          { title: 'KEPT' },
          { title: 'CREATED' },
        ],
        topics.map((topic) => [
          topic.name,
          String(topic.partitions),
          topic.ordering,
          String(topic.maxMessageBytes),
          retentionText(topic.retentionMs),
          topic.createdAt,
        ]),
        'There are no topics yet. Create one: tidemark topics create <name>',
      );
    },
  );
}
