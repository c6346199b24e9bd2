import { type Command, Option } from 'commander';
import { usageError } from '../command-error.ts';
import { integerFrom } from '../input/numbers.ts';
import { printJson } from '../output/show.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

export function clustersResyncCommand(terminal: Terminal): Command {
  const examples = ['clusters resync main', 'clusters resync main orders --partition 3'];
  const description = 'have the publisher look again where partitions end on the cluster, and refill them';
  return withRelay(
    commandOf('resync <cluster> [topic]', description, examples).argument('<cluster>').argument('[topic]'),
  )
    .addOption(new Option('--partition <number>', 'only this one').argParser(integerFrom(0, 2_147_483_647)))
    .action(
      async (
        cluster: string,
        topic: string | undefined,
        options: RelayOptions & { readonly partition?: number },
      ): Promise<void> => {
        if (options.partition !== undefined && topic === undefined) throw usageError('--partition needs a topic');
        const path = `/v1/clusters/${encodeURIComponent(cluster)}/resync`;
        const body = { topic, partition: options.partition };
        const answer = await (
          await relayFor(options, terminal)
        ).call<{ partitions: number }>(path, { method: 'POST', body });
        if (options.json) return printJson(terminal, answer);
        await terminal.print(`asked for ${answer.partitions} partitions; the publisher looks within a second`);
      },
    );
}
