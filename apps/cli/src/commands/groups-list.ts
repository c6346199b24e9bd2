import type { Command } from 'commander';
import { printJson, printTable } from '../output/show.ts';
import type { GroupAnswer } from '../relay/answers.ts';
import { allOf } from '../relay/pages.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

export function groupsListCommand(terminal: Terminal): Command {
  return withRelay(commandOf('list', 'list consumer groups with their lag', ['groups', 'groups --json'])).action(
    async (options: RelayOptions) => {
      const groups = await allOf<GroupAnswer>(await relayFor(options, terminal), '/v1/groups');
      if (options.json) return printJson(terminal, groups);
      await printTable(
        terminal,
        [
          { title: 'GROUP' },
          { title: 'STATE' },
          { title: 'MEMBERS', align: 'right' },
          { title: 'PARTITIONS', align: 'right' },
          { title: 'LAG', align: 'right' },
          { title: 'HOLDS RETENTION' },
        ],
        groups.map((group) => [
          group.name,
          group.state,
          String(group.liveMembers),
          String(group.partitions),
          group.lagRecords,
          group.required ? 'yes' : 'no',
        ]),
        'There are no consumer groups yet.',
      );
    },
  );
}
