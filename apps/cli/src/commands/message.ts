import type { Command } from 'commander';
import { bytesText } from '../output/bytes-text.ts';
import { printable } from '../output/printable.ts';
import { printJson } from '../output/show.ts';
import { valueText } from '../output/value-text.ts';
import type { MessageAnswer, RecordAnswer } from '../relay/answers.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, relayFor, type RelayOptions, withRelay } from './command-parts.ts';

export function messageCommand(terminal: Terminal): Command {
  const examples = ['message 0197c2b4-3c5f-7a0e-9d52-5b1f0e6f8a11'];
  return withRelay(
    commandOf('message <id>', 'show where a message is, and all of it', examples).argument('<id>'),
  ).action(async (id: string, options: RelayOptions) => {
    const path = `/v1/messages/${encodeURIComponent(id)}`;
    const query = { decode: true };
    const message = await (await relayFor(options, terminal)).call<MessageAnswer>(path, { query });
    if (options.json) return printJson(terminal, message);
    for (const record of message.records) await terminal.print(detail(record));
    if (message.pending > 0)
      await terminal.print(`${message.pending} committed and not in the log yet; see: tidemark status`);
  });
}

function detail(record: RecordAnswer): string {
  return [
    `${record.topic} ${record.partition}:${record.offset}`,
    `  position  ${record.position}`,
    `  time      ${record.time}`,
    `  key       ${record.key === null ? '-' : bytesText(record.key)}`,
    ...record.headers.map(
      ({ name, value }) => `  header    ${printable(name)}: ${value === null ? '' : bytesText(value)}`,
    ),
    `  value     ${valueText(record)}`,
  ].join('\n');
}
