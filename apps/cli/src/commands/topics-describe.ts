import type { Command } from 'commander';
import { printJson, printTable } from '../output/show.ts';
import type { TopicDetailAnswer } from '../relay/answers.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';
import { settingsText } from './topic-settings.ts';

export function topicsDescribeCommand(terminal: Terminal): Command {
  const description = 'show the settings of a topic and what can be read of each partition';
  return withRelay(commandOf('describe <name>', description, ['topics describe orders']).argument('<name>')).action(
    async (name: string, options: RelayOptions) => {
      const path = `/v1/topics/${encodeURIComponent(name)}`;
      const topic = await (await relayFor(options, terminal)).call<TopicDetailAnswer>(path);
      if (options.json) return printJson(terminal, topic);
      await terminal.print(`${topic.name}: ${settingsText(topic)}\n${topic.records} records can be read\n`);
      await printTable(
        terminal,
        ['PARTITION', 'START', 'END', 'RECORDS'].map((title) => ({ title, align: 'right' as const })),
        topic.partitionRanges.map(({ partition, startOffset, endOffset }) => [
          String(partition),
          startOffset,
          endOffset,
          (BigInt(endOffset) - BigInt(startOffset)).toString(),
        ]),
        'No partition can be read yet.',
      );
    },
  );
}
