import { type Command, Option } from 'commander';
import { CommandError, usageError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { integerFrom } from '../input/numbers.ts';
import { progressBar } from '../output/progress-bar.ts';
import { printJson } from '../output/show.ts';
import { FindingRuns } from '../output/finding-runs.ts';
import { reportText } from '../output/verify-text.ts';
import type { FindingAnswer } from '../relay/cluster-answers.ts';
import { type VerifyEventAnswer, verifyEvents } from '../relay/verify-stream.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

interface VerifyOptions extends RelayOptions {
  readonly partition?: number;
  readonly repair?: true;
}

export function verifyCommand(terminal: Terminal): Command {
  const examples = ['verify main', 'verify main orders --partition 3', 'verify main --repair --json'];
  const description =
    'compare a Kafka cluster with the log offset by offset, id and bytes; fails when records are missing, doubled or differ';
  return withRelay(
    commandOf('verify <cluster> [topic]', description, examples).argument('<cluster>').argument('[topic]'),
  )
    .addOption(new Option('--partition <number>', 'only this one').argParser(integerFrom(0, 2_147_483_647)))
    .option('--repair', 'have the publisher put back what is missing at the end of partitions')
    .action(async (cluster: string, topic: string | undefined, { partition, repair, ...options }: VerifyOptions) => {
      if (partition !== undefined && topic === undefined) throw usageError('--partition needs a topic');
      const body = { topic, partition, repair: repair === true };
      const client = await relayFor(options, terminal);
      const found: FindingAnswer[] = [];
      const runs = new FindingRuns();
      for await (const event of verifyEvents(client, cluster, body, terminal.interrupted)) {
        if (event.event === 'finding') {
          const { event: _, ...finding } = event;
          if (options.json) found.push(finding);
          else await print(terminal, runs.push(finding));
          continue;
        }
        if (event.event !== 'progress') await print(terminal, runs.end());
        if (event.event !== 'report') {
          tell(terminal, event);
          continue;
        }
        terminal.progress('');
        const { event: _, ...report } = event;
        if (options.json) await printJson(terminal, { ...report, found });
        else await terminal.print(reportText(report));
        if (!report.identical) throw new CommandError(EXIT.FAILED, `${cluster} does not hold what the log holds`);
      }
    });
}

async function print(terminal: Terminal, line: string | undefined): Promise<void> {
  if (line === undefined) return;
  terminal.progress('');
  await terminal.print(line);
}

function tell(terminal: Terminal, event: VerifyEventAnswer & { event: 'progress' | 'repair' }): void {
  const place = `${event.topic}-${event.partition}`;
  if (event.event === 'repair') {
    terminal.progress('');
    terminal.note(`${place}: ${REPAIRS[event.state](event.missing)}`);
    return;
  }
  const bar = progressBar(BigInt(event.done), BigInt(event.total));
  terminal.progress(`${place} ${bar}, topic ${event.topicsDone + 1} of ${event.topics}`);
}

const REPAIRS = {
  asked: (missing: string) => `asked the publisher to put ${missing} records back`,
  refilled: (missing: string) => `${missing} records are back; verifying again`,
  'not refilled': () => 'not everything is back yet; verifying what is there',
} as const;
