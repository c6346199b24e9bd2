import type { Command } from 'commander';
import { CommandError } from '../../command-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { confirm } from '../../input/confirm.ts';
import { printJson } from '../../output/show.ts';
import type { FolderContents } from '../../registry/folder/parse-folder.ts';
import type { PlanAnswer } from '../../registry/plans/plan-answers.ts';
import type { RegistryClient } from '../../registry/registry-client.ts';
import { DEFAULT_CONTEXT } from '../../registry/subject-name.ts';
import type { Terminal } from '../../terminal.ts';
import { commandOf } from '../command-parts.ts';
import { contextOption, registryFor, type RegistryOptions, withRegistry } from './registry-parts.ts';

interface PlanOptions extends RegistryOptions {
  readonly context?: string;
  readonly normalize?: true;
}
interface ApplyOptions extends PlanOptions {
  readonly yes?: true;
}

const LINES_AROUND = 2;

const LAYOUT = `
The folder, as export writes it or by hand:
  orders-value.avsc              a schema; .json is JSON Schema, .proto is Protobuf
  orders-value.subject.json      optional: {"references": [{"name": "...", "subject": "money", "version": "latest"}],
                                 "metadata": {...}, "ruleSet": {...}, "config": {"compatibility": "FULL"}}
  orders-value/subject.json      instead, for several versions, which are in orders-value/1.avsc, 2.avsc ...
  registry.json                  optional: {"layout": 1, "config": {...}}
  contexts/eu/...                the same for another context
References mean the schemas of the folder first. Modes and deletions are not applied. Characters other than letters,
digits, dots, dashes and underscores are percent-encoded in names of files.`;

export function registryPlanCommand(terminal: Terminal): Command {
  const examples = ['registry plan schemas', 'registry plan schemas --context sales', 'registry plan schemas --json'];
  const description =
    'say what applying a folder of schemas would change, and why a schema is refused; changes nothing, fails when one is';
  return withPlanOptions(commandOf('plan <folder>', description, examples)).action(
    async (path: string, options: PlanOptions) => {
      const folder = await readPlan(path, options.context);
      const plan = await request(await registryFor(options, terminal), '/v1/plan', folder, options);
      if (options.json) await printJson(terminal, withPaths(folder, plan));
      else await printPlan(terminal, folder, plan);
      await refuseRefused(plan);
    },
  );
}

export function registryApplyCommand(terminal: Terminal): Command {
  const examples = ['registry apply schemas', 'registry apply schemas --yes --json'];
  const description = 'register a folder of schemas and set its configs in one transaction: all of it, or nothing';
  return withPlanOptions(commandOf('apply <folder>', description, examples))
    .option('--yes', 'do not ask')
    .action(async (path: string, options: ApplyOptions) => {
      const folder = await readPlan(path, options.context);
      const client = await registryFor(options, terminal);
      const { changesAnything, summary } = await import('../../registry/plans/plan-text.ts');
      const plan = await request(client, '/v1/plan', folder, options);
      if (!options.json) await printPlan(terminal, folder, plan);
      else if (!plan.items.every(({ refusal }) => refusal === undefined))
        await printJson(terminal, withPaths(folder, plan));
      await refuseRefused(plan);
      if (!changesAnything(plan)) {
        if (options.json) await printJson(terminal, withPaths(folder, plan));
        return;
      }
      await confirm(terminal, 'Apply all of it?', options.yes === true);
      // The very plan that was shown is made anew under the locks: what others did meanwhile is judged again.
      const applied = await request(client, '/v1/apply', folder, options);
      await (options.json ? printJson(terminal, withPaths(folder, applied)) : terminal.print(summary(applied)));
    });
}

function withPlanOptions(command: Command): Command {
  return withRegistry(command.argument('<folder>'))
    .addOption(contextOption('of what is at the top of the folder (default: the default context)'))
    .option('--normalize', 'bring the schemas into normal form')
    .addHelpText('after', LAYOUT);
}

/** Throws CommandError with everything that is wrong with the folder. */
async function readPlan(path: string, context: string | undefined): Promise<FolderContents> {
  const { readFolder } = await import('../../registry/folder/read-folder.ts');
  const { parseFolder } = await import('../../registry/folder/parse-folder.ts');
  const folder = parseFolder(await readFolder(path), context ?? DEFAULT_CONTEXT);
  if (folder.problems.length > 0) {
    throw new CommandError(EXIT.FAILED, `the folder ${path} cannot be read as schemas:${listed(folder.problems)}`);
  }
  if (folder.schemas.length + folder.configs.length > 0) return folder;
  throw new CommandError(EXIT.FAILED, `there are no schemas in ${path}`, {
    remedy: 'Name them <subject>.avsc, <subject>.json or <subject>.proto.',
  });
}

const listed = (lines: readonly string[]): string => lines.map((line) => `\n  ${line}`).join('');

async function request(
  client: RegistryClient,
  path: string,
  folder: FolderContents,
  options: PlanOptions,
): Promise<PlanAnswer> {
  const { planBody } = await import('../../registry/plans/plan-body.ts');
  const { zPlanAnswer } = await import('../../registry/plans/plan-answers.ts');
  const { ABSENT } = await import('../../registry/registry-answers.ts');
  const body = planBody(folder, { normalize: options.normalize === true });
  const answer = await client.find(path, zPlanAnswer, ABSENT.route, {
    method: 'POST',
    body,
    // Applying what is applied already changes nothing.
    repeatable: true,
  });
  if (answer !== undefined) return answer;
  throw new CommandError(EXIT.FAILED, `${client.url} does not make plans`, {
    remedy: 'Check that --url (TIDEMARK_REGISTRY_URL) names a registry of Tidemark.',
  });
}

async function printPlan(terminal: Terminal, folder: FolderContents, plan: PlanAnswer): Promise<void> {
  const { planText } = await import('../../registry/plans/plan-text.ts');
  const lines = planText(folder, plan, { colour: terminal.colour, context: LINES_AROUND });
  for (const line of lines) await terminal.print(line);
}

async function refuseRefused(plan: PlanAnswer): Promise<void> {
  const { isRefused } = await import('../../registry/plans/plan-text.ts');
  if (isRefused(plan)) throw new CommandError(EXIT.FAILED, 'the plan cannot be applied as it is; nothing was changed');
}

function withPaths(folder: FolderContents, plan: PlanAnswer): object {
  return { ...plan, items: plan.items.map((item, index) => ({ path: folder.schemas[index]?.path, ...item })) };
}
