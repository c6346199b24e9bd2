import { type Command, Option } from 'commander';
import { printJson, printTable } from '../../output/show.ts';
import { parseSubjectName, printSubjectName } from '../../registry/subject-name.ts';
import type { Terminal } from '../../terminal.ts';
import { commandOf } from '../command-parts.ts';
import { contextOption, registryFor, type RegistryOptions, withRegistry } from './registry-parts.ts';

interface SubjectsOptions extends RegistryOptions {
  readonly prefix?: string;
  readonly context?: string;
  readonly deleted?: true;
}

export function registrySubjectsCommand(terminal: Terminal): Command {
  const examples = [
    'registry subjects',
    'registry subjects --prefix orders',
    'registry subjects --context sales --json',
  ];
  return withRegistry(commandOf('subjects', 'list subjects of all contexts', examples))
    .addOption(new Option('--prefix <text>', 'only those that begin with it'))
    .addOption(contextOption('only of this context'))
    .option('--deleted', 'soft-deleted ones too')
    .action(async (options: SubjectsOptions) => {
      const client = await registryFor(options, terminal);
      const { zNames } = await import('../../registry/registry-answers.ts');
      const subjectPrefix =
        options.context === undefined
          ? ':*:'
          : printSubjectName({ context: options.context, subject: options.prefix ?? '' });
      const listed = await client.call('/subjects', zNames, {
        query: { subjectPrefix, deleted: options.deleted === true },
      });
      const wanted = listed.filter((name) => {
        const { context, subject } = parseSubjectName(name);
        return subject.startsWith(options.prefix ?? '') && (options.context ?? context) === context;
      });
      if (options.json) return printJson(terminal, wanted);
      await printTable(
        terminal,
        [{ title: 'SUBJECT' }, { title: 'CONTEXT' }],
        wanted.map((name) => parseSubjectName(name)).map(({ subject, context }) => [subject, context]),
        'There are no such subjects.',
      );
    });
}
