import { type Command, Option } from 'commander';
import type { AdoptionPlan, AdoptionPreset, AdoptionRequest } from '#libs/stores/outbox';
import { usageError } from '../command-error.ts';
import { type DatabaseOptions, withDatabase } from '../database/database-options.ts';
import { addToMapping } from '../input/column-mapping.ts';
import { confirm } from '../input/confirm.ts';
import { printJson } from '../output/show.ts';
import type { Terminal } from '../terminal.ts';
import { emitWithProgress } from './adopt-existing.ts';
import { onMigratedDatabase } from './adoption-database.ts';
import { commandOf, jsonOption } from './command-parts.ts';

interface AdoptOptions extends DatabaseOptions {
  readonly preset?: AdoptionPreset;
  readonly topic?: string;
  readonly map?: NonNullable<AdoptionRequest['mapping']>;
  readonly existing?: string;
  readonly yes?: true;
  readonly dryRun?: true;
}

const PRESETS: readonly AdoptionPreset[] = ['debezium', 'pg-transactional-outbox', 'plain'];

export function adoptApplyCommand(terminal: Terminal): Command {
  const examples = [
    'adopt shop.outbox --preset debezium --dry-run',
    'adopt shop.events --preset plain --map topic=event_topic --map key=order_id',
    'adopt shop.events --topic orders --map payload=body --map header.type=event_type --existing created_at',
  ];
  const description = 'emit each row inserted into an outbox table of yours; shows the SQL and asks first';
  return withDatabase(commandOf('apply <table>', description, examples).argument('<table>', 'named as in SQL'))
    .addOption(new Option('--preset <layout>', 'the layout of the table').choices(PRESETS))
    .addOption(new Option('--topic <topic>', 'send all rows to this topic'))
    .addOption(
      new Option(
        '--map <field=column>',
        'topic, key, payload, headers, message-id, partition, trace or header.<name>; again for more',
      ).argParser(addToMapping),
    )
    .addOption(new Option('--existing <column>', 'also emit the rows that are there, in the order of this column'))
    .addOption(new Option('--dry-run', 'show what would be done, and do nothing'))
    .addOption(new Option('--yes', 'do not ask'))
    .addOption(jsonOption())
    .action((table: string, options: AdoptOptions) =>
      onMigratedDatabase(terminal, options, async (db, outbox) => {
        const plan = await outbox.planAdoption(db, requestOf(table, options));
        if (!options.json) await terminal.print(outbox.describeAdoption(plan));
        if (options.dryRun) return options.json ? printJson(terminal, planDocument(plan)) : undefined;
        await confirm(terminal, `Adopt ${plan.table}?`, options.yes === true);
        const adoption = await outbox.applyAdoption(db, plan);
        if (!options.json) await terminal.print(`\nadopted ${adoption.table}`);
        const existing =
          adoption.existing === null ? null : await emitWithProgress(terminal, db, outbox, adoption, table);
        if (options.json) return printJson(terminal, { ...planDocument(plan), id: adoption.id, existing });
        if (existing !== null)
          await terminal.print(`emitted ${existing.emitted} rows of ${existing.total} that were there`);
      }),
    );
}

function requestOf(table: string, options: AdoptOptions): AdoptionRequest {
  if (options.topic !== undefined && options.map?.topic !== undefined)
    throw usageError('give --topic or --map topic=..., not both');
  return {
    table,
    preset: options.preset,
    mapping: { ...options.map, ...(options.topic === undefined ? {} : { topic: { constant: options.topic } }) },
    existing: options.existing === undefined ? undefined : { orderBy: options.existing },
  };
}

function planDocument(plan: AdoptionPlan): Record<string, unknown> {
  const { table, mapping, statements, undoStatements, notes, rowsEstimate } = plan;
  return { table, mapping, statements, undoStatements, notes, rowsEstimate };
}
