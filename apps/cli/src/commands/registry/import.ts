import { type Command, Option } from 'commander';
import { CommandError } from '../../command-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { integerFrom } from '../../input/numbers.ts';
import { printJson } from '../../output/show.ts';
import type { CopyReport } from '../../registry/importing/copy-registry.ts';
import type { Terminal } from '../../terminal.ts';
import { commandOf } from '../command-parts.ts';
import { contextsOption, registryFor, type RegistryOptions, withRegistry } from './registry-parts.ts';

interface ImportOptions extends RegistryOptions {
  readonly from: string;
  readonly fromUser?: string;
  readonly fromToken?: string;
  readonly context?: readonly string[];
  readonly merge?: true;
  readonly concurrency: number;
  readonly dryRun?: true;
}

const DIFFERENCES_SHOWN = 20;

export function registryImportCommand(terminal: Terminal): Command {
  const examples = [
    'registry import --from http://old-registry:8081 --dry-run',
    'registry import --from http://old-registry:8081',
    'registry import --from https://registry.example.com --from-user key:secret --context sales',
  ];
  const description =
    'copy another registry with ids, versions, guids, times, deletions, config and modes, and read every id back; can be repeated';
  return withRegistry(commandOf('import', description, examples))
    .addOption(new Option('--from <url>', 'the registry to copy').makeOptionMandatory())
    .addOption(
      new Option('--from-user <name:password>', 'sign in there (default: TIDEMARK_REGISTRY_FROM_USER)').conflicts(
        'fromToken',
      ),
    )
    .addOption(new Option('--from-token <token>', 'sign in there (default: TIDEMARK_REGISTRY_FROM_TOKEN)'))
    .addOption(contextsOption())
    .option('--merge', 'although this registry has other subjects in these contexts')
    .addOption(new Option('--concurrency <count>', 'requests at a time').argParser(integerFrom(1, 64)).default(8))
    .option('--dry-run', 'show what would change, and change nothing')
    .action(async (options: ImportOptions) => {
      const target = await registryFor(options, terminal, { long: true });
      const { sourceAccess } = await import('../../registry/registry-access.ts');
      const { RegistryClient } = await import('../../registry/registry-client.ts');
      const { copyRegistry } = await import('../../registry/importing/copy-registry.ts');
      const source = new RegistryClient(sourceAccess(options, terminal.env), {
        interrupted: terminal.interrupted,
        random: () => terminal.random(),
      });
      const report = await copyRegistry(terminal, {
        source,
        target,
        contexts: options.context,
        concurrency: options.concurrency,
        merge: options.merge === true,
        dryRun: options.dryRun === true,
      });
      if (options.json) await printJson(terminal, report);
      else await terminal.print(reportText(report));
      const differences = report.verified?.differences ?? [];
      if (differences.length === 0) return;
      for (const difference of differences.slice(0, DIFFERENCES_SHOWN)) terminal.note(`  ${difference}`);
      if (differences.length > DIFFERENCES_SHOWN) terminal.note(`  and more; --json lists all ${differences.length}`);
      throw new CommandError(EXIT.FAILED, `the copy differs from the source in ${differences.length} places`, {
        remedy: 'If the source changed meanwhile, run the same command again.',
      });
    });
}

/** What was found, done and verified, in a few lines. */
export function reportText(report: CopyReport): string {
  const { verified, registered, softDeleted, settingsChanged } = report;
  const found = `${report.versions} versions of ${report.subjects} subjects in ${report.contexts} contexts`;
  const changes = `${registered} versions, ${softDeleted} soft deletions, ${settingsChanged} settings`;
  if (verified === undefined) return `the source has ${found}\nwould copy ${changes}; nothing was changed (--dry-run)`;
  const nothing = registered + softDeleted + settingsChanged === 0;
  const same = verified.checksumHere === verified.checksumThere;
  return [
    `the source has ${found}`,
    nothing ? 'nothing to copy: all of it is here already' : `copied ${changes}`,
    `read back ${verified.ids} ids and ${verified.guids} guids from both: ${verified.differences.length} differences`,
    same
      ? `checksum of both: sha256 ${verified.checksumHere}`
      : `checksum there sha256 ${verified.checksumThere}\nchecksum here  sha256 ${verified.checksumHere}` +
        (verified.differences.length === 0 ? '\n(the same schemas, printed differently)' : ''),
  ].join('\n');
}
