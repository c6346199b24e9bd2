import type { Command } from 'commander';
import { confirm } from '../input/confirm.ts';
import { printJson } from '../output/show.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

export function groupsDeleteCommand(terminal: Terminal): Command {
  const description = 'delete a group that has no members now, and its offsets';
  return withRelay(commandOf('delete <group>', description, ['groups delete billing --yes']).argument('<group>'))
    .option('--yes', 'do not ask')
    .action(async (group: string, options: RelayOptions & { readonly yes?: true }) => {
      await confirm(terminal, `Delete group ${group} and its offsets?`, options.yes === true);
      const answer = await (
        await relayFor(options, terminal)
      ).call<{ deleted: string }>(`/v1/groups/${encodeURIComponent(group)}`, { method: 'DELETE' });
      if (options.json) return printJson(terminal, answer);
      await terminal.print(`deleted group ${answer.deleted}`);
    });
}
