import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { CommandError } from '../../command-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { printJson } from '../../output/show.ts';
import { subjectPath } from '../../registry/subject-name.ts';
import type { Terminal } from '../../terminal.ts';
import { commandOf } from '../command-parts.ts';
import {
  contextOption,
  qualified,
  registryFor,
  type RegistryOptions,
  versionOption,
  withRegistry,
} from './registry-parts.ts';

interface TypescriptOptions extends RegistryOptions {
  readonly version: string;
  readonly out?: string;
  readonly context?: string;
}

export function registryTypescriptCommand(terminal: Terminal): Command {
  const examples = [
    'registry typescript orders-value',
    'registry typescript orders-value --version 3 --out src/order.ts',
  ];
  const description = 'print the TypeScript type of the decoded values of a subject';
  return withRegistry(commandOf('typescript <subject>', description, examples).argument('<subject>'))
    .addOption(versionOption())
    .addOption(new Option('--out <file>', 'write it to a file'))
    .addOption(contextOption('of the subject'))
    .action(async (name: string, options: TypescriptOptions) => {
      const client = await registryFor(options, terminal);
      const { zVersionAnswer } = await import('../../registry/registry-answers.ts');
      const subject = qualified(name, options.context);
      const path = `${subjectPath(subject)}/versions/${options.version}`;
      const { schema, version } = await client.call(path, zVersionAnswer, { query: { format: 'typescript' } });
      // Registries answer a format that they do not know with the schema as it is.
      if (!/^export /m.test(schema)) {
        throw new CommandError(EXIT.FAILED, `${client.url} does not make TypeScript types`, {
          remedy: 'Check that --url (TIDEMARK_REGISTRY_URL) names a registry of Tidemark.',
        });
      }
      const text = schema.endsWith('\n') ? schema : `${schema}\n`;
      if (options.out !== undefined) {
        await writeFile(options.out, text);
        terminal.note(`wrote ${options.out}: ${subject} version ${version}`);
      }
      if (options.json) await printJson(terminal, { subject, version, typescript: text });
      else if (options.out === undefined) await terminal.print(text.trimEnd());
    });
}
