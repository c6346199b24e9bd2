import { type Command, Option } from 'commander';
import { formatDuration, parseRetention } from '../input/duration.ts';
import { integerFrom } from '../input/numbers.ts';
import type { TopicAnswer } from '../relay/answers.ts';

export interface TopicSettingsOptions {
  readonly partitions?: number;
  readonly ordering?: string;
  readonly maxMessageBytes?: number;
  readonly retention?: bigint | 'forever';
  readonly requireSchema?: boolean;
}

/** The options that create and alter share. */
export function withTopicSettings(command: Command): Command {
  return command
    .addOption(new Option('--partitions <count>', 'how many; can only grow').argParser(integerFrom(1, 10_000)))
    .addOption(
      new Option('--ordering <mode>', 'key: messages of a key in commit order; insert: no lock per key').choices([
        'key',
        'insert',
      ]),
    )
    .addOption(
      new Option('--max-message-bytes <bytes>', 'larger messages are refused').argParser(integerFrom(1, 104_857_600)),
    )
    .addOption(
      new Option('--retention <time>', 'how long messages are kept at least: 7d, 12h, forever').argParser(
        parseRetention,
      ),
    )
    .option('--require-schema', 'refuse payloads without a schema')
    .option('--no-require-schema', 'take payloads without a schema, too');
}

/** The settings that were given, as the API takes them. */
export function settingsBody(options: TopicSettingsOptions): Record<string, unknown> {
  const { partitions, ordering, maxMessageBytes, retention, requireSchema } = options;
  return {
    ...(partitions === undefined ? {} : { partitions }),
    ...(ordering === undefined ? {} : { ordering }),
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
    ...(retention === undefined ? {} : { retentionMs: retention === 'forever' ? null : retention.toString() }),
    ...(requireSchema === undefined ? {} : { schemaRequired: requireSchema }),
  };
}

/** The settings of a topic in one line for people. */
export function settingsText(topic: TopicAnswer): string {
  return [
    `${topic.partitions} partitions`,
    `ordering ${topic.ordering}`,
    `messages up to ${topic.maxMessageBytes} bytes`,
    `kept ${retentionText(topic.retentionMs)}`,
    ...(topic.schemaRequired ? ['payloads with a schema only'] : []),
  ].join(', ');
}

export function retentionText(retentionMs: string | null): string {
  return retentionMs === null ? 'forever' : formatDuration(BigInt(retentionMs));
}
