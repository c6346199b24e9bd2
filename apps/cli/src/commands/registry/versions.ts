import type { Command } from 'commander';
import { printJson, printTable } from '../../output/show.ts';
import { inParallel } from '../../registry/in-parallel.ts';
import type { VersionAnswer } from '../../registry/registry-answers.ts';
import { subjectPath } from '../../registry/subject-name.ts';
import type { Terminal } from '../../terminal.ts';
import { commandOf } from '../command-parts.ts';
import { contextOption, qualified, registryFor, type RegistryOptions, withRegistry } from './registry-parts.ts';

interface VersionsOptions extends RegistryOptions {
  readonly context?: string;
  readonly deleted?: true;
}

const CONCURRENCY = 8;

export function registryVersionsCommand(terminal: Terminal): Command {
  const examples = ['registry versions orders-value', 'registry versions orders-value --deleted'];
  return withRegistry(commandOf('versions <subject>', 'list the versions of a subject', examples).argument('<subject>'))
    .addOption(contextOption('of the subject'))
    .option('--deleted', 'soft-deleted ones too')
    .action(async (name: string, options: VersionsOptions) => {
      const client = await registryFor(options, terminal);
      const { zVersionAnswer, zVersions } = await import('../../registry/registry-answers.ts');
      const path = `${subjectPath(qualified(name, options.context))}/versions`;
      const query = { deleted: options.deleted === true };
      const versions = await client.call(path, zVersions, { query });
      const found: VersionAnswer[] = [];
      await inParallel(versions, CONCURRENCY, async (version) => {
        found.push(await client.call(`${path}/${version}`, zVersionAnswer, { query }));
      });
      found.sort((a, b) => a.version - b.version);
      if (options.json) return printJson(terminal, found.map(listedVersion));
      await printTable(
        terminal,
        [
          { title: 'VERSION', align: 'right' },
          { title: 'ID', align: 'right' },
          { title: 'TYPE' },
          { title: 'GUID' },
          { title: 'REFERS TO' },
          { title: 'STATE' },
        ],
        found.map((each) => [
          String(each.version),
          String(each.id),
          each.schemaType ?? 'AVRO',
          each.guid ?? '-',
          (each.references ?? []).map(({ subject, version }) => `${subject} v${version}`).join(', ') || '-',
          each.deleted === true ? 'deleted' : 'live',
        ]),
        'The subject has no versions.',
      );
    });
}

/** Without the text, which `get` prints. */
function listedVersion(answer: VersionAnswer): object {
  const { schema: _, ...rest } = answer;
  return rest;
}
