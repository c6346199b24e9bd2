import { type Command, Option } from 'commander';
import { integerFrom, parseOffset } from '../input/numbers.ts';
import { printJson } from '../output/show.ts';
import type { TranslateAnswer } from '../relay/cluster-answers.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

interface TranslateOptions extends RelayOptions {
  readonly from: string;
  readonly to: string;
  readonly partition: number;
  readonly offset: string;
}

export function translateCommand(terminal: Terminal): Command {
  const examples = [
    'translate orders --from a --to b --partition 3 --offset 1200',
    'translate orders --from a --to log --partition 3 --offset 1200',
  ];
  const description = 'say which offset of a cluster is that of another; log is the log itself';
  return withRelay(commandOf('translate <topic>', description, examples).argument('<topic>'))
    .addOption(new Option('--from <cluster>', 'where the offset is of').makeOptionMandatory())
    .addOption(new Option('--to <cluster>', 'where it is wanted').makeOptionMandatory())
    .addOption(new Option('--partition <number>').argParser(integerFrom(0, 2_147_483_647)).makeOptionMandatory())
    .addOption(new Option('--offset <offset>').argParser(parseOffset).makeOptionMandatory())
    .action(async (topic: string, { from, to, partition, offset, ...options }: TranslateOptions) => {
      const path = `/v1/clusters/${encodeURIComponent(from)}/translate`;
      const query = { to, topic, partition, offset };
      const answer = await (await relayFor(options, terminal)).call<TranslateAnswer>(path, { query });
      if (options.json) return printJson(terminal, answer);
      const notes = [
        ...(answer.present
          ? []
          : [answer.lacking === '0' ? 'it comes next there' : `${to} lacks ${answer.lacking} records before it`]),
        ...(answer.skipped === '0' ? [] : [`${answer.skipped} records never got there`]),
      ];
      const note = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
      await terminal.print(
        `${topic}-${partition}: ${offset} of ${from} is ${answer.to.offset} of ${to}, log offset ${answer.logOffset}${note}`,
      );
    });
}
