import { type Command, Option } from 'commander';
import { Interrupted } from '../command-error.ts';
import { parseMoment } from '../input/moment.ts';
import { integerFrom } from '../input/numbers.ts';
import { recordLine } from '../output/record-line.ts';
import { printJsonLine } from '../output/show.ts';
import { followTopic } from '../relay/follow-topic.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

interface TailOptions extends RelayOptions {
  readonly from: 'earliest' | 'latest';
  readonly since?: Date;
  readonly partition?: number;
  readonly keyOnly?: true;
  readonly headers?: true;
  readonly decode?: true;
}

export function tailCommand(terminal: Terminal): Command {
  const examples = ['tail orders', 'tail orders --from earliest', 'tail orders --since 10m --json'];
  const description = 'print the records of a topic as they come, until Ctrl-C';
  return withRelay(
    commandOf('tail <topic>', description, examples).argument('<topic>'),
    'one JSON document per record and line',
  )
    .addOption(
      new Option('--from <where>', 'where to begin')
        .choices(['latest', 'earliest'])
        .default('latest')
        .conflicts('since'),
    )
    .addOption(
      new Option('--since <when>', 'begin at a time: 2h, 7d, 2026-05-01T12:00Z').argParser((text) =>
        parseMoment(text, terminal.now()),
      ),
    )
    .addOption(new Option('--partition <number>', 'of one partition').argParser(integerFrom(0, 2_147_483_647)))
    .option('--key-only', 'leave the values out')
    .option('--headers', 'print headers too')
    .option('--decode', 'show what values say by their schemas')
    .action(async (topic: string, options: TailOptions) => {
      const records = followTopic(await relayFor(options, terminal), topic, {
        from: options.from,
        since: options.since,
        partition: options.partition,
        decode: options.decode,
        signal: terminal.interrupted,
        random: () => terminal.random(),
        onState: (message) => terminal.note(message),
      });
      for await (const record of records) {
        if (options.json) await printJsonLine(terminal, record);
        else await terminal.print(recordLine(record, { ...options, columns: terminal.columns }));
      }
      throw new Interrupted();
    });
}
