import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { type DatabaseOptions, withDatabase } from '../database/database-options.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson } from '../output/show.ts';
import type { Terminal } from '../terminal.ts';
import { emitWithProgress } from './adopt-existing.ts';
import { onMigratedDatabase } from './adoption-database.ts';
import { commandOf, jsonOption } from './command-parts.ts';

export function adoptResumeCommand(terminal: Terminal): Command {
  const description = 'go on emitting the existing rows of an adopted table';
  return withDatabase(commandOf('resume <table>', description, ['adopt resume shop.events']).argument('<table>'))
    .addOption(jsonOption())
    .action((table: string, options: DatabaseOptions) =>
      onMigratedDatabase(terminal, options, async (db, outbox) => {
        const adoption = await outbox.findAdoption(db, table);
        if (adoption?.existing === null || adoption === undefined) {
          throw new CommandError(EXIT.FAILED, `table ${table} is not adopted with its existing rows`, {
            remedy: 'See which tables are: tidemark adopt list.',
          });
        }
        const existing = await emitWithProgress(terminal, db, outbox, adoption, table);
        if (options.json) return printJson(terminal, { table: adoption.table, existing });
        await terminal.print(`emitted ${existing.emitted} rows of ${existing.total} that were there`);
      }),
    );
}
