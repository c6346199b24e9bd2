import type { Command } from 'commander';
import { type DatabaseOptions, withDatabase } from '../database/database-options.ts';
import { printJson, printTable } from '../output/show.ts';
import type { Terminal } from '../terminal.ts';
import { onMigratedDatabase } from './adoption-database.ts';
import { commandOf, jsonOption } from './command-parts.ts';

export function adoptListCommand(terminal: Terminal): Command {
  return withDatabase(commandOf('list', 'list adopted tables', ['adopt list']))
    .addOption(jsonOption())
    .action((options: DatabaseOptions) =>
      onMigratedDatabase(terminal, options, async (db, outbox) => {
        const adoptions = await outbox.listAdoptions(db);
        if (options.json) return printJson(terminal, adoptions);
        await printTable(
          terminal,
          [{ title: 'TABLE' }, { title: 'STATE' }, { title: 'EXISTING ROWS' }, { title: 'ADOPTED' }],
          adoptions.map(({ table, state, existing, createdAt }) => [
            table,
            state,
            existing === null ? 'not emitted' : `${existing.done} of ${existing.total}`,
            createdAt.toISOString(),
          ]),
          'No table is adopted.',
        );
      }),
    );
}
