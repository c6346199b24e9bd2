import type { Command } from 'commander';
import { usageError } from '../command-error.ts';
import { printJson } from '../output/show.ts';
import type { TopicAnswer } from '../relay/answers.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';
import { settingsBody, settingsText, type TopicSettingsOptions, withTopicSettings } from './topic-settings.ts';

export function topicsAlterCommand(terminal: Terminal): Command {
  const examples = ['topics alter orders --partitions 24', 'topics alter orders --retention forever'];
  const description = 'change settings of a topic; what is left out stays';
  return withRelay(withTopicSettings(commandOf('alter <name>', description, examples).argument('<name>'))).action(
    async (name: string, options: RelayOptions & TopicSettingsOptions) => {
      const body = settingsBody(options);
      if (Object.keys(body).length === 0) throw usageError('say what to change', 'See: tidemark topics alter --help');
      const topic = await (
        await relayFor(options, terminal)
      ).call<TopicAnswer>(`/v1/topics/${encodeURIComponent(name)}`, {
        method: 'PATCH',
        body,
      });
      if (options.json) return printJson(terminal, topic);
      await terminal.print(`topic ${topic.name} has now: ${settingsText(topic)}`);
    },
  );
}
