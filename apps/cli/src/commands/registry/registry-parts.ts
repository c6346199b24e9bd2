import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RegistryClient } from '../../registry/registry-client.ts';
import { contextName, DEFAULT_CONTEXT, parseSubjectName, printSubjectName } from '../../registry/subject-name.ts';
import type { Terminal } from '../../terminal.ts';
import { jsonOption } from '../command-parts.ts';

export interface RegistryOptions {
  readonly url?: string;
  readonly user?: string;
  readonly token?: string;
  readonly json?: true;
}

/** The options of commands that talk to our schema registry. */
export function withRegistry(command: Command, json?: string): Command {
  return command
    .addOption(new Option('--url <url>', 'the registry (default: TIDEMARK_REGISTRY_URL, else http://127.0.0.1:8081)'))
    .addOption(
      new Option('--user <name:password>', 'sign in as a user (default: TIDEMARK_REGISTRY_USER)').conflicts('token'),
    )
    .addOption(new Option('--token <name.secret>', 'sign in with a token (default: TIDEMARK_REGISTRY_TOKEN)'))
    .addOption(jsonOption(json));
}

/** A person who waits is told after a second that nothing answers; long work takes more trouble. */
const ATTEMPTS_MAX = 3;

/** Throws CONFIG_INVALID. Loaded late, so that help does not wait for what checks the settings and answers. */
export async function registryFor(
  options: RegistryOptions,
  terminal: Terminal,
  work: { readonly long: boolean } = { long: false },
): Promise<RegistryClient> {
  const { registryAccess } = await import('../../registry/registry-access.ts');
  const { RegistryClient } = await import('../../registry/registry-client.ts');
  return new RegistryClient(registryAccess(options, terminal.env), {
    interrupted: terminal.interrupted,
    random: () => terminal.random(),
    ...(work.long ? {} : { attemptsMax: ATTEMPTS_MAX }),
  });
}

/** `--context`, as people write one: `.sales` or `sales`. */
export const contextOption = (what: string): Option => new Option('--context <name>', what).argParser(parseContext);

export function parseContext(text: string): string {
  const name = contextName(text);
  if (!/^\.[^:\s]*$/.test(name)) throw new InvalidArgumentError('expected the name of a context, such as .sales');
  return name;
}

/** A subject in the context of `--context`; one that names its own context stays. */
export function qualified(subject: string, context: string | undefined): string {
  return printSubjectName(parseSubjectName(subject, context ?? DEFAULT_CONTEXT));
}

/** A version in an option: a number from 1, or latest. */
export function parseVersion(text: string): string {
  if (text === 'latest' || (/^[1-9]\d{0,9}$/.test(text) && Number(text) <= 2_147_483_647)) return text;
  throw new InvalidArgumentError('expected a version such as 3, or latest');
}

export const versionOption = (): Option =>
  new Option('--version <version>', 'a number, or latest').argParser(parseVersion).default('latest');

/** Adds a text to those before, for an option that can be repeated. */
export function addText(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** `--context` of commands that work on whole contexts. */
export const contextsOption = (): Option =>
  new Option('--context <name>', 'only this context; repeatable').argParser((text, before: string[] | undefined) =>
    addText(parseContext(text), before),
  );
