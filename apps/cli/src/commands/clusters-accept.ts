import { type Command, Option } from 'commander';
import { confirm } from '../input/confirm.ts';
import { integerFrom, parseOffset } from '../input/numbers.ts';
import { printJson } from '../output/show.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

interface AcceptOptions extends RelayOptions {
  readonly partition: number;
  readonly from: string;
  readonly reason: string;
  readonly yes?: true;
}

export function clustersAcceptCommand(terminal: Terminal): Command {
  const examples = ['clusters accept main orders --partition 3 --from 1200 --reason "restored from Monday"'];
  const description = 'go on with a partition that stopped, behind what the cluster holds';
  return withRelay(
    commandOf('accept <cluster> <topic>', description, examples).argument('<cluster>').argument('<topic>'),
  )
    .addOption(
      new Option('--partition <number>', 'the one that stopped')
        .argParser(integerFrom(0, 2_147_483_647))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--from <offset>', 'the next record to send: its offset in the log')
        .argParser(parseOffset)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--reason <text>', 'kept in the audit').makeOptionMandatory())
    .option('--yes', 'do not ask')
    .action(async (cluster: string, topic: string, options: AcceptOptions) => {
      const place = `${topic}-${options.partition} on ${cluster}`;
      const question = `Keep what ${place} holds, and go on with log offset ${options.from}?`;
      await confirm(terminal, question, options.yes === true);
      const path = `/v1/clusters/${encodeURIComponent(cluster)}/topics/${encodeURIComponent(topic)}`;
      const answer = await (
        await relayFor(options, terminal)
      ).call<{ trouble: string }>(`${path}/partitions/${options.partition}/accept`, {
        method: 'POST',
        body: { fromOffset: options.from, reason: options.reason },
      });
      if (options.json) return printJson(terminal, answer);
      await terminal.print(`${place} goes on with log offset ${options.from}; it had stopped: ${answer.trouble}`);
    });
}
