import { type Command, Option } from 'commander';
import { integerFrom } from '../input/numbers.ts';
import { parseResetPoint, type ResetPoint } from '../input/reset-point.ts';
import { printJson, printTable } from '../output/show.ts';
import type { ResetsAnswer } from '../relay/answers.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

interface ResetOptions extends RelayOptions {
  readonly topic: string;
  readonly partition?: number;
  readonly to: ResetPoint;
  readonly dryRun?: true;
}

export function groupsResetCommand(terminal: Terminal): Command {
  const examples = [
    'groups reset billing --topic orders --to earliest --dry-run',
    'groups reset billing --topic orders --to 2h',
    'groups reset billing --topic orders --partition 3 --to 1200',
  ];
  const description = 'move the committed offsets of a group that has no members now';
  return withRelay(commandOf('reset <group>', description, examples).argument('<group>'))
    .addOption(new Option('--topic <topic>', 'in this topic').makeOptionMandatory())
    .addOption(new Option('--partition <number>', 'only in this partition').argParser(integerFrom(0, 2_147_483_647)))
    .addOption(
      new Option('--to <point>', 'earliest, latest, an offset, or a time: 2h, 2026-05-01T12:00Z')
        .argParser((text) => parseResetPoint(text, terminal.now()))
        .makeOptionMandatory(),
    )
    .option('--dry-run', 'show what would change, and change nothing')
    .action(async (group: string, options: ResetOptions) => {
      const reset = { topic: options.topic, partition: options.partition, ...options.to };
      const answer = await (
        await relayFor(options, terminal)
      ).call<ResetsAnswer>(`/v1/groups/${encodeURIComponent(group)}/reset`, {
        method: 'POST',
        body: { resets: [reset], dryRun: options.dryRun === true },
      });
      if (options.json) return printJson(terminal, answer);
      await printTable(
        terminal,
        [
          { title: 'TOPIC' },
          { title: 'PARTITION', align: 'right' },
          { title: 'FROM', align: 'right' },
          { title: 'TO', align: 'right' },
        ],
        answer.resets.map(({ topic, partition, from, to }) => [topic, String(partition), from ?? '-', to]),
        'There is nothing to move.',
      );
      if (answer.dryRun) terminal.note('nothing was changed (--dry-run)');
    });
}
