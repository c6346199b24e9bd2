import type { Command } from 'commander';
import { type DatabaseOptions, withDatabase } from '../database/database-options.ts';
import { confirm } from '../input/confirm.ts';
import { printJson } from '../output/show.ts';
import type { Terminal } from '../terminal.ts';
import { onMigratedDatabase } from './adoption-database.ts';
import { commandOf, jsonOption } from './command-parts.ts';

export function adoptUndoCommand(terminal: Terminal): Command {
  const description = 'take the trigger of an adopted table away; emitted messages stay';
  return withDatabase(commandOf('undo <table>', description, ['adopt undo shop.events']).argument('<table>'))
    .option('--yes', 'do not ask')
    .addOption(jsonOption())
    .action((table: string, options: DatabaseOptions & { readonly yes?: true }) =>
      onMigratedDatabase(terminal, options, async (db, outbox) => {
        await confirm(terminal, `Stop emitting the rows of ${table}?`, options.yes === true);
        const undone = await outbox.undoAdoption(db, table);
        if (options.json) return printJson(terminal, { undone: undone.table });
        await terminal.print(`${undone.table} is no longer adopted`);
      }),
    );
}
