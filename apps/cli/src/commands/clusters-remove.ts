import type { Command } from 'commander';
import { confirm } from '../input/confirm.ts';
import { printJson } from '../output/show.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

export function clustersRemoveCommand(terminal: Terminal): Command {
  const description = 'forget a cluster that is not published to any more, so that it holds back no retention';
  return withRelay(commandOf('remove <cluster>', description, ['clusters remove old']).argument('<cluster>'))
    .option('--yes', 'do not ask')
    .action(async (cluster: string, options: RelayOptions & { readonly yes?: true }) => {
      const question = `Forget cluster ${cluster}? Publishing to it again would send every record once more.`;
      await confirm(terminal, question, options.yes === true);
      const answer = await (
        await relayFor(options, terminal)
      ).call<{ removed: string; ackedRecords: string }>(`/v1/clusters/${encodeURIComponent(cluster)}`, {
        method: 'DELETE',
      });
      if (options.json) return printJson(terminal, answer);
      await terminal.print(`forgot cluster ${answer.removed}, which had ${answer.ackedRecords} records`);
    });
}
