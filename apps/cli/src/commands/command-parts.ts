import { Command, Option } from 'commander';
import type { Terminal } from '../terminal.ts';
import { RelayClient } from '../relay/relay-client.ts';

export interface RelayOptions {
  readonly url?: string;
  readonly user?: string;
  readonly token?: string;
  readonly json?: true;
}

/** A command with a description and examples, the same way everywhere. `usage` as commander takes it: `read <topic>`. */
export function commandOf(usage: string, description: string, examples: readonly string[]): Command {
  return new Command(usage.split(' ')[0])
    .description(description)
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ tidemark ${example}`).join('\n')}`);
}

export const jsonOption = (what = 'one JSON document, for scripts'): Option => new Option('--json', `print ${what}`);

/** The options of commands that talk to a relay. */
export function withRelay(command: Command, json?: string): Command {
  return command
    .addOption(new Option('--url <url>', 'the relay (default: TIDEMARK_URL, else http://127.0.0.1:8082)'))
    .addOption(new Option('--user <name:password>', 'sign in as a user (default: TIDEMARK_USER)').conflicts('token'))
    .addOption(new Option('--token <name.secret>', 'sign in with a token (default: TIDEMARK_TOKEN)'))
    .addOption(jsonOption(json));
}

/** Throws CONFIG_INVALID. The settings are loaded late, so that help does not wait for what checks them. */
export async function relayFor(options: RelayOptions, terminal: Terminal): Promise<RelayClient> {
  const { relayAccess } = await import('../relay/relay-access.ts');
  return new RelayClient(relayAccess(options, terminal.env), terminal.interrupted);
}
