import type { Command } from 'commander';
import { formatDuration } from '../input/duration.ts';
import { printJson, printTable } from '../output/show.ts';
import type { GroupDetailAnswer } from '../relay/answers.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

export function groupsDescribeCommand(terminal: Terminal): Command {
  const description = 'show the members of a group and how far it is in each partition';
  return withRelay(commandOf('describe <group>', description, ['groups describe billing']).argument('<group>')).action(
    async (name: string, options: RelayOptions) => {
      const path = `/v1/groups/${encodeURIComponent(name)}`;
      const group = await (await relayFor(options, terminal)).call<GroupDetailAnswer>(path);
      if (options.json) return printJson(terminal, group);
      const holds = group.required ? '; holds back retention' : '';
      await terminal.print(`${group.name}: ${group.state}, ${group.lagRecords} records behind${holds}\n`);
      await printTable(
        terminal,
        [
          { title: 'MEMBER' },
          { title: 'INSTANCE' },
          { title: 'LIVE' },
          { title: 'LAST SEEN' },
          { title: 'TOPICS' },
          { title: 'CLIENT' },
        ],
        group.members.map((member) => [
          member.memberId,
          member.instanceId ?? '-',
          member.live ? 'yes' : 'no',
          member.lastSeenAt,
          member.topics.join(' '),
          Object.entries(member.client)
            .map(([key, value]) => `${key}=${value}`)
            .join(' '),
        ]),
        'It has no members.',
      );
      await terminal.print('');
      await printTable(
        terminal,
        [
          { title: 'TOPIC' },
          { title: 'PARTITION', align: 'right' },
          { title: 'COMMITTED', align: 'right' },
          { title: 'END', align: 'right' },
          { title: 'LAG', align: 'right' },
          { title: 'BEHIND', align: 'right' },
          { title: 'STATE' },
          { title: 'OWNER' },
        ],
        group.partitionStatus.map((status) => [
          status.topic,
          String(status.partition),
          status.committedOffset,
          status.endOffset,
          status.lagRecords,
          status.lagSeconds === null ? '-' : formatDuration(status.lagSeconds * 1_000),
          status.state,
          status.owner ?? '-',
        ]),
        'It has read no partition yet.',
      );
    },
  );
}
