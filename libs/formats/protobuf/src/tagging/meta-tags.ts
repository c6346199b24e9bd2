import type { AggregateField, Option, OptionValue } from '../ast/option.ts';
import { mergedOptions } from './merged-options.ts';

/** The options that hold Confluent's annotations of messages and of fields. */
export type MetaOption = 'confluent.message_meta' | 'confluent.field_meta';

const TAGS = 'tags';

/** The tags among the options of a message or field, however they are spelled. */
export function tagsAmong(options: readonly Option[], meta: MetaOption): string[] {
  return options
    .flatMap((option) => entriesOf(option, meta) ?? [])
    .filter(({ name }) => name === TAGS)
    .flatMap(({ value }) => texts(value));
}

/**
 * The options with these tags, as Confluent writes them: all parts of the annotation are one option, and what else it says keeps
 * its order. An annotation that is left empty goes.
 */
export function optionsWithTags(options: readonly Option[], meta: MetaOption, tags: readonly string[]): Option[] {
  const first = options.findIndex((option) => entriesOf(option, meta) !== undefined);
  const others = (part: readonly Option[]): Option[] => part.filter((option) => entriesOf(option, meta) === undefined);
  const fields = withTags(
    options.flatMap((option) => entriesOf(option, meta) ?? []),
    tags,
  );
  const name = [{ name: meta, extension: true }];
  const annotation: Option[] = fields.length === 0 ? [] : [{ name, value: { kind: 'message', fields } }];
  const place = first === -1 ? options.length : first;
  return mergedOptions([...others(options.slice(0, place)), ...annotation, ...others(options.slice(place))]);
}

/** What an option says of an annotation: `(meta) = { … }` or `(meta).field = …`. Undefined for other options. */
function entriesOf({ name, value }: Option, meta: MetaOption): readonly AggregateField[] | undefined {
  const [head, field, ...deeper] = name;
  if (head?.extension !== true || head.name.replace(/^\./, '') !== meta) return undefined;
  if (field === undefined) return value.kind === 'message' ? value.fields : undefined;
  return field.extension || deeper.length > 0 ? undefined : [{ name: field.name, value }];
}

function withTags(entries: readonly AggregateField[], tags: readonly string[]): AggregateField[] {
  const at = entries.findIndex(({ name }) => name === TAGS);
  const values = tags.map((value): OptionValue => ({ kind: 'string', value }));
  const entry: AggregateField[] = values.length === 0 ? [] : [{ name: TAGS, value: { kind: 'list', values } }];
  if (at === -1) return [...entries, ...entry];
  const others = entries.slice(at).filter(({ name }) => name !== TAGS);
  return [...entries.slice(0, at), ...entry, ...others];
}

function texts(value: OptionValue): string[] {
  if (value.kind === 'list') return value.values.flatMap(texts);
  return value.kind === 'string' ? [value.value] : [];
}
