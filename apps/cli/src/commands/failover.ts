import { type Command, Option } from 'commander';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson, printTable } from '../output/show.ts';
import type { FailoverAnswer } from '../relay/cluster-answers.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

interface FailoverOptions extends RelayOptions {
  readonly from: string;
  readonly to: string;
  readonly dryRun?: true;
  readonly reason?: string;
}

export function failoverCommand(terminal: Terminal): Command {
  const examples = ['failover billing --from a --to b --dry-run', 'failover billing --from a --to b'];
  const description =
    "copy a Kafka consumer group's committed offsets to another cluster, to the same records; refused while that one is behind";
  return withRelay(commandOf('failover <group>', description, examples).argument('<group>'))
    .addOption(new Option('--from <cluster>', 'where the group has committed').makeOptionMandatory())
    .addOption(new Option('--to <cluster>', 'where it goes on').makeOptionMandatory())
    .option('--dry-run', 'show what would be committed, and commit nothing')
    .option('--reason <text>', 'kept in the audit')
    .action(async (group: string, { from, to, dryRun, reason, ...options }: FailoverOptions) => {
      const answer = await (
        await relayFor(options, terminal)
      ).call<FailoverAnswer>(`/v1/clusters/${encodeURIComponent(from)}/failover`, {
        method: 'POST',
        body: { group, to, dryRun: dryRun === true, ...(reason === undefined ? {} : { reason }) },
      });
      if (options.json) await printJson(terminal, answer);
      else await printPlan(terminal, answer);
      if (answer.membersOnSource > 0)
        terminal.note(
          `${answer.membersOnSource} members still run on ${from}: what they commit from now on is not copied`,
        );
      if (answer.dryRun) terminal.note('nothing was changed (--dry-run)');
      if (answer.dryRun ? !answer.ready || answer.membersOnTarget > 0 : !answer.complete)
        throw new CommandError(EXIT.FAILED, reasonOf(answer));
    });
}

async function printPlan(terminal: Terminal, answer: FailoverAnswer): Promise<void> {
  await printTable(
    terminal,
    [
      { title: 'TOPIC' },
      { title: 'PARTITION', align: 'right' },
      { title: answer.from.toUpperCase(), align: 'right' },
      { title: answer.to.toUpperCase(), align: 'right' },
      { title: 'BEFORE', align: 'right' },
      { title: 'VERDICT' },
      { title: 'DONE' },
      { title: 'DETAIL' },
    ],
    answer.partitions.map((each) => [
      each.topic,
      String(each.partition),
      each.fromOffset,
      each.toOffset ?? '-',
      each.previousOffset ?? '-',
      each.verdict,
      answer.dryRun ? '-' : each.done,
      each.detail,
    ]),
    'The group has committed nothing.',
  );
}

function reasonOf({ group, to, dryRun, membersOnTarget, partitions }: FailoverAnswer): string {
  if (!dryRun) return `not all offsets were committed on ${to}; those that were are in place`;
  if (membersOnTarget > 0) return `${group} has ${membersOnTarget} members on ${to}`;
  const lacking = partitions.filter(({ verdict }) => verdict === 'behind' || verdict === 'not there').length;
  return `${to} is not ready: ${lacking} partitions lack what the group has handled`;
}
