import type { Command } from 'commander';
import { printJson } from '../output/show.ts';
import type { TopicAnswer } from '../relay/answers.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';
import { settingsBody, settingsText, type TopicSettingsOptions, withTopicSettings } from './topic-settings.ts';

export function topicsCreateCommand(terminal: Terminal): Command {
  const examples = ['topics create orders', 'topics create orders --partitions 12 --retention 30d --require-schema'];
  return withRelay(withTopicSettings(commandOf('create <name>', 'create a topic', examples).argument('<name>'))).action(
    async (name: string, options: RelayOptions & TopicSettingsOptions) => {
      const topic = await (
        await relayFor(options, terminal)
      ).call<TopicAnswer>('/v1/topics', {
        method: 'POST',
        body: { name, ...settingsBody(options) },
      });
      if (options.json) return printJson(terminal, topic);
      await terminal.print(`created topic ${topic.name}: ${settingsText(topic)}`);
    },
  );
}
