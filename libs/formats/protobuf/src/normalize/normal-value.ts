import type { AggregateField, OptionValue } from '../ast/option.ts';
import { groupByName } from '../print/print-option.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { aggregateTarget } from '../options/option-target.ts';
import { type MessagePlace, resolveFieldType, type ResolvedType } from '../resolve/field-type.ts';
import { resolveExtension } from '../resolve/resolve-name.ts';
import { ascending } from './ascending.ts';
import { normalNumber } from './normal-number.ts';

/** From where names within a value are resolved. */
export interface ValueScope {
  readonly schema: ProtobufSchema;
  readonly scope: string;
}

/** A value in normal form: entries of aggregates by name, names of extensions in full, a list of one as its element. */
export function normalValue(at: ValueScope, value: OptionValue): OptionValue {
  switch (value.kind) {
    case 'number':
      return { kind: 'number', text: normalNumber(value.text) };
    case 'list':
      return { kind: 'list', values: value.values.map((element) => normalValue(at, element)) };
    case 'message':
      return { kind: 'message', fields: normalFields(at, value.fields) };
    default:
      return value;
  }
}

function normalFields(at: ValueScope, fields: readonly AggregateField[]): AggregateField[] {
  const named = fields.map(({ name, value }) => ({ name: normalName(at, name), value: normalValue(at, value) }));
  return groupByName(named)
    .filter(({ value }) => value.kind !== 'list' || value.values.length > 0)
    .map(({ name, value }) => {
      const [only, ...more] = value.kind === 'list' ? value.values : [];
      return { name, value: only !== undefined && more.length === 0 ? only : value };
    })
    .sort((a, b) => ascending(a.name, b.name));
}

function normalName({ schema, scope }: ValueScope, name: string): string {
  const extension = /^\[([^/]*)\]$/.exec(name)?.[1];
  const symbol = extension === undefined ? undefined : resolveExtension(schema, extension, scope);
  return symbol === undefined ? name : `[${symbol.fullName}]`;
}

/**
 * All values of one field as one, as a parser of the wire format would merge them: messages field by field, repeated fields one
 * after the other; of scalars the last one. Only fields that are declared repeated become lists, so that the result is valid.
 */
export function mergeValues(
  at: ValueScope,
  type: ResolvedType,
  repeated: boolean,
  values: readonly [OptionValue, ...OptionValue[]],
): OptionValue {
  const [first, ...more] = values;
  if (more.length === 0) return first;
  if (repeated) return { kind: 'list', values: values.flatMap(elements) };
  const last = values[values.length - 1] ?? first;
  if (type.kind !== 'message' && type.kind !== 'group') return last;
  const byName = new Map<string, [OptionValue, ...OptionValue[]]>();
  for (const message of values) {
    if (message.kind !== 'message') return last;
    for (const { name, value } of message.fields) {
      const same = byName.get(name);
      if (same === undefined) byName.set(name, [value]);
      else same.push(value);
    }
  }
  return {
    kind: 'message',
    fields: [...byName].map(([name, same]) => ({ name, value: mergeField(at, type, name, same) })),
  };
}

function mergeField(
  at: ValueScope,
  holder: MessagePlace,
  name: string,
  values: readonly [OptionValue, ...OptionValue[]],
): OptionValue {
  const target = aggregateTarget(at.schema, holder, name, at.scope);
  if (target === undefined) return values[values.length - 1] ?? values[0];
  const type = resolveFieldType(at.schema, target);
  return mergeValues(at, type, target.field.label === 'repeated' || type.kind === 'map', values);
}

function elements(value: OptionValue): readonly OptionValue[] {
  return value.kind === 'list' ? value.values : [value];
}
