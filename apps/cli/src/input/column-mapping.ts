import { InvalidArgumentError } from 'commander';
import type { AdoptionMapping, AdoptionRequest } from '#libs/stores/outbox';

type Mapping = NonNullable<AdoptionRequest['mapping']>;
type Field = keyof AdoptionMapping;

/** How the fields are written on the command line. */
const FIELDS: Readonly<Record<string, Field>> = {
  topic: 'topic',
  key: 'key',
  payload: 'payload',
  headers: 'headers',
  trace: 'traceProperties',
  'message-id': 'messageId',
  partition: 'partition',
};
const HEADER = 'header.';
const NEEDED: ReadonlySet<Field> = new Set(['topic', 'payload']);

/**
 * Adds one `field=column` to a mapping, for an option that can be repeated:
 * `key=order_id`, `key=segment,aggregate_id` (the first that is not null), `header.type=event_type`, `topic=topic_name`,
 * `topic=events.${kind}` (a template), `headers=` (nothing, where the preset has something).
 */
export function addToMapping(text: string, mapping: Mapping = {}): Mapping {
  const at = text.indexOf('=');
  const name = text.slice(0, at);
  const column = text.slice(at + 1);
  if (at < 1) throw new InvalidArgumentError('expected field=column');
  if (name.startsWith(HEADER)) {
    const header = name.slice(HEADER.length);
    if (header === '' || column === '') throw new InvalidArgumentError('expected header.<name>=column');
    return { ...mapping, headerColumns: { ...mapping.headerColumns, [header]: column } };
  }
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field === undefined)
    throw new InvalidArgumentError(
      `there is no field ${name}; there are ${Object.keys(FIELDS).join(', ')}, header.<name>`,
    );
  if (column === '') {
    if (NEEDED.has(field)) throw new InvalidArgumentError(`${name} cannot be left out`);
    return { ...mapping, [field]: null };
  }
  return { ...mapping, [field]: sourceOf(field, column) };
}

function sourceOf(field: Field, column: string): AdoptionMapping[Field] {
  if (field === 'topic') return column.includes('${') ? { template: column } : { column };
  return field === 'key' && column.includes(',') ? column.split(',') : column;
}
