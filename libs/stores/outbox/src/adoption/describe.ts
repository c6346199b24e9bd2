import type { AdoptionPlan } from './plan.ts';
import type { AdoptionMapping, TopicSource } from './request.ts';

/** The plan as text for people: what is mapped, what will run, how it is undone, what to know. */
export function describeAdoption(plan: AdoptionPlan): string {
  const rows = mappingRows(plan.mapping);
  const width = Math.max(...rows.map(([field]) => field.length));
  const lines = [
    `Adopt ${plan.table}: each row inserted from now on is emitted in the transaction that inserts it.`,
    '',
    'Mapping',
    ...rows.map(([field, source]) => `  ${field.padEnd(width)}  ${source}`),
    '',
    'Rows already in the table',
    plan.existing === undefined
      ? '  not emitted'
      : `  emitted in order of ${plan.existing.orderBy}, each once, in chunks (about ${plan.rowsEstimate} rows)`,
    '',
    'SQL, in one transaction',
    ...plan.statements.map((statement) => `  ${statement};`),
    '',
    'Undo',
    ...plan.undoStatements.map((statement) => `  ${statement};`),
    '',
    'Note',
    ...plan.notes.map((note) => `  - ${note}`),
  ];
  return lines.join('\n');
}

function mappingRows(mapping: AdoptionMapping): [field: string, source: string][] {
  const rows: [string, string][] = [
    ['topic', topicText(mapping.topic)],
    ['key', mapping.key === undefined ? 'none' : [mapping.key].flat().join(', else ')],
    ['payload', mapping.payload],
  ];
  if (mapping.headers !== undefined) rows.push(['headers', mapping.headers]);
  for (const [header, column] of Object.entries(mapping.headerColumns ?? {})) rows.push([`header ${header}`, column]);
  if (mapping.traceProperties !== undefined) rows.push(['trace headers', mapping.traceProperties]);
  rows.push(['message id', mapping.messageId ?? 'a new one']);
  rows.push(['partition', mapping.partition ?? 'by key']);
  return rows;
}

function topicText(topic: TopicSource): string {
  if ('constant' in topic) return `always ${topic.constant}`;
  return 'column' in topic ? topic.column : topic.template;
}
