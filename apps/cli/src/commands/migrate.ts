import { type Command, Option } from 'commander';
import { redactUrls } from '#libs/foundation/kernel';
import { type DatabaseOptions, onDatabase, withDatabase } from '../database/database-options.ts';
import { confirm } from '../input/confirm.ts';
import { integerFrom } from '../input/numbers.ts';
import { printJson, printTable } from '../output/show.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf, jsonOption } from './command-parts.ts';

const load = async () => ({ ...(await import('#libs/foundation/postgres')), ...(await import('#migrations')) });

export function migrateUpCommand(terminal: Terminal): Command {
  const examples = ['migrate', 'migrate --database-url postgres://localhost/shop', 'migrate status', 'migrate down 1'];
  return withDatabase(commandOf('up', 'apply the migrations that are missing', examples))
    .addOption(jsonOption())
    .action((options: DatabaseOptions) =>
      onDatabase(terminal, options, true, async (url) => {
        const { migrateUp, MIGRATIONS } = await load();
        const onProgress = (line: string): void => terminal.note(line);
        const applied = await migrateUp({ url, migrations: MIGRATIONS, onProgress });
        if (options.json) return printJson(terminal, { applied });
        const done = applied.length === 0 ? 'up to date' : `up to date: applied ${applied.length} migrations`;
        await terminal.print(`${redactUrls(url)} is ${done}`);
      }),
    );
}

export function migrateDownCommand(terminal: Terminal): Command {
  const description = 'undo the newest migrations, and delete what they had made with its data';
  return withDatabase(commandOf('down', description, ['migrate down 1']))
    .argument('[count]', 'how many', integerFrom(1, 1_000), 1)
    .addOption(new Option('--yes', 'do not ask'))
    .addOption(jsonOption())
    .action((count: number, options: DatabaseOptions & { readonly yes?: true }) =>
      onDatabase(terminal, options, false, async (url) => {
        const { migrateDown, migrationStatus, MIGRATIONS } = await load();
        const { applied } = await migrationStatus({ url, migrations: MIGRATIONS });
        const names = applied.slice(-count).toReversed();
        if (names.length > 0) {
          const question = `Undo ${names.join(', ')} on ${redactUrls(url)}? Tables they made are dropped.`;
          await confirm(terminal, question, options.yes === true);
        }
        const onProgress = (line: string): void => terminal.note(line);
        const undone =
          names.length === 0 ? [] : await migrateDown({ url, migrations: MIGRATIONS, onProgress }, names.length);
        if (options.json) return printJson(terminal, { undone });
        await terminal.print(undone.length === 0 ? 'there is nothing to undo' : `undid ${undone.length} migrations`);
      }),
    );
}

export function migrateStatusCommand(terminal: Terminal): Command {
  return withDatabase(commandOf('status', 'show which migrations are applied', ['migrate status --json']))
    .addOption(jsonOption())
    .action((options: DatabaseOptions) =>
      onDatabase(terminal, options, false, async (url) => {
        const { migrationStatus, MIGRATIONS } = await load();
        const status = await migrationStatus({ url, migrations: MIGRATIONS });
        if (options.json) return printJson(terminal, status);
        await printTable(
          terminal,
          [{ title: 'MIGRATION' }, { title: 'STATE' }],
          [
            ...status.applied.map((name) => [name, 'applied']),
            ...status.pending.map((name) => [name, 'pending']),
            ...status.unknown.map((name) => [name, 'of a newer version']),
          ],
          'This version has no migrations.',
        );
      }),
    );
}
