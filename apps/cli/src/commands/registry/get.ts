import { type Command, Option } from 'commander';
import { usageError } from '../../command-error.ts';
import { integerFrom } from '../../input/numbers.ts';
import { indentJson } from '../../output/indent-json.ts';
import { printJson } from '../../output/show.ts';
import { printSubjectName, subjectPath } from '../../registry/subject-name.ts';
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

interface GetOptions extends RegistryOptions {
  readonly version: string;
  readonly id?: number;
  readonly context?: string;
  readonly deleted?: true;
}

export function registryGetCommand(terminal: Terminal): Command {
  const examples = [
    'registry get orders-value',
    'registry get orders-value --version 3 --json',
    'registry get --id 17',
  ];
  return withRegistry(
    commandOf('get [subject]', 'print a schema', examples).argument('[subject]'),
    'the whole answer of the registry as JSON, for scripts',
  )
    .addOption(versionOption())
    .addOption(new Option('--id <id>', 'by its id instead of a subject').argParser(integerFrom(1, 2_147_483_647)))
    .addOption(contextOption('of the subject or id'))
    .option('--deleted', 'also when the version is soft-deleted')
    .action(async (name: string | undefined, options: GetOptions) => {
      if ((name === undefined) === (options.id === undefined))
        throw usageError('say a subject or an id', 'tidemark registry get orders-value, or --id 17');
      const client = await registryFor(options, terminal);
      const { zSchemaAnswer, zVersionAnswer } = await import('../../registry/registry-answers.ts');
      const subject = options.context && printSubjectName({ context: options.context, subject: '' });
      const answer =
        name === undefined
          ? await client.call(`/schemas/ids/${options.id}`, zSchemaAnswer, { query: { subject } })
          : await client.call(
              `${subjectPath(qualified(name, options.context))}/versions/${options.version}`,
              zVersionAnswer,
              { query: { deleted: options.deleted === true } },
            );
      if (options.json) return printJson(terminal, answer);
      const text = answer.schemaType === 'PROTOBUF' ? undefined : indentJson(answer.schema);
      await terminal.print((text ?? answer.schema).trimEnd());
    });
}
