import { type Command, Option } from 'commander';
import { usageError } from '../command-error.ts';
import { parseMoment } from '../input/moment.ts';
import { integerFrom, parseOffset } from '../input/numbers.ts';
import { recordLine } from '../output/record-line.ts';
import { printJsonLine } from '../output/show.ts';
import type { PartitionRecordsAnswer, RecordAnswer } from '../relay/answers.ts';
import { pagesOf } from '../relay/pages.ts';
import type { RelayClient } from '../relay/relay-client.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

interface ReadOptions extends RelayOptions {
  readonly partition?: number;
  readonly offset?: string;
  readonly limit: number;
  readonly since?: Date;
  readonly key?: string;
  readonly keyOnly?: true;
  readonly headers?: true;
  readonly decode?: true;
}

const PAGE = 1_000;

export function readCommand(terminal: Terminal): Command {
  const examples = [
    'read orders',
    'read orders --key order-17',
    'read orders --since 2h --limit 1000',
    'read orders --partition 3 --offset 1200 --limit 10',
    'read orders --json | jq .value.data',
    'read orders --decode --json | jq .decoded.value',
  ];
  return withRelay(
    commandOf('read <topic>', 'print records of a topic', examples).argument('<topic>'),
    'one JSON document per record and line',
  )
    .addOption(new Option('--partition <number>', 'of one partition').argParser(integerFrom(0, 2_147_483_647)))
    .addOption(new Option('--offset <offset>', 'from this offset on; needs --partition').argParser(parseOffset))
    .addOption(
      new Option('--since <when>', 'from a time on: 2h, 7d, 2026-05-01T12:00Z')
        .argParser((text) => parseMoment(text, terminal.now()))
        .conflicts(['partition', 'key']),
    )
    .addOption(new Option('--key <key>', 'of one key').conflicts('partition'))
    .addOption(new Option('--limit <count>', 'at most so many').argParser(integerFrom(1, 1_000_000_000)).default(100))
    .option('--key-only', 'leave the values out')
    .option('--headers', 'print headers too')
    .option('--decode', 'show what values say by their schemas')
    .action(async (topic: string, options: ReadOptions) => {
      if (options.offset !== undefined && options.partition === undefined)
        throw usageError('--offset needs --partition', 'Offsets are counted per partition.');
      let printed = 0;
      for await (const records of pages(await relayFor(options, terminal), topic, options)) {
        for (const record of records) {
          if (options.json) await printJsonLine(terminal, record);
          else await terminal.print(recordLine(record, { ...options, columns: terminal.columns }));
        }
        printed += records.length;
      }
      // Whoever looks at a terminal should know that there may be more.
      if (terminal.columns !== undefined && printed === options.limit)
        terminal.note(`${printed} records; for more: --limit`);
    });
}

function pages(client: RelayClient, topic: string, options: ReadOptions): AsyncGenerator<readonly RecordAnswer[]> {
  const path = `/v1/topics/${encodeURIComponent(topic)}`;
  if (options.partition !== undefined)
    return partitionPages(client, `${path}/partitions/${options.partition}/records`, options);
  const query = { since: options.since?.toISOString(), key: options.key, decode: options.decode };
  return pagesOf(client, `${path}/records`, { query, limit: options.limit });
}

async function* partitionPages(
  client: RelayClient,
  path: string,
  options: ReadOptions,
): AsyncGenerator<readonly RecordAnswer[]> {
  let left = options.limit;
  let offset = options.offset;
  while (left > 0) {
    const page: PartitionRecordsAnswer = await client.call(path, {
      query: { offset, limit: Math.min(PAGE, left), decode: options.decode },
    });
    if (page.records.length === 0) return;
    yield page.records;
    left -= page.records.length;
    offset = page.nextOffset;
  }
}
