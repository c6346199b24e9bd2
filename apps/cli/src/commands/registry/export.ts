import { type Command, Option } from 'commander';
import { integerFrom } from '../../input/numbers.ts';
import { printJson } from '../../output/show.ts';
import type { Terminal } from '../../terminal.ts';
import { commandOf } from '../command-parts.ts';
import { contextsOption, registryFor, type RegistryOptions, withRegistry } from './registry-parts.ts';

interface ExportOptions extends RegistryOptions {
  readonly versions: 'all' | 'latest';
  readonly context?: readonly string[];
  readonly concurrency: number;
}

export function registryExportCommand(terminal: Terminal): Command {
  const examples = [
    'registry export schemas',
    'registry export schemas --versions latest',
    'registry export schemas --context sales',
  ];
  const description = 'write all schemas, references, config and modes to files that can be kept in git';
  return withRegistry(commandOf('export <folder>', description, examples).argument('<folder>'))
    .addOption(
      new Option('--versions <which>', 'all, or latest with the older ones that others refer to')
        .choices(['all', 'latest'])
        .default('all'),
    )
    .addOption(contextsOption())
    .addOption(new Option('--concurrency <count>', 'requests at a time').argParser(integerFrom(1, 64)).default(8))
    .action(async (folder: string, options: ExportOptions) => {
      const client = await registryFor(options, terminal, { long: true });
      const { readRegistry } = await import('../../registry/reading/read-registry.ts');
      const { exportFiles } = await import('../../registry/folder/export-files.ts');
      const { requireContexts } = await import('../../registry/reading/registry-snapshot.ts');
      const { writeFolder } = await import('../../registry/folder/write-folder.ts');
      const { context: contexts, concurrency, versions } = options;
      const snapshot = await readRegistry(client, terminal, { contexts, concurrency, name: 'the registry' });
      requireContexts(contexts, snapshot);
      const change = await writeFolder(folder, exportFiles(snapshot, { versions }));
      const report = { folder, subjects: new Set(snapshot.versions.map(({ subject }) => subject)).size, ...change };
      if (options.json) return printJson(terminal, report);
      await terminal.print(
        `${report.subjects} subjects in ${folder}: ${change.written} files written, ${change.unchanged} unchanged, ` +
          `${change.removed} removed`,
      );
    });
}
