import type { Field, FieldType, Label, SingularType } from '../ast/field.ts';
import type { Option, OptionValue } from '../ast/option.ts';
import type { OptionsMessage } from '../options/option-target.ts';
import { schemaInvalid } from '../errors.ts';
import { literalBytes } from '../parse/string-literal.ts';
import { bytesValue } from '../options/decode-value.ts';
import { TYPE_NAMES } from './describe-field.ts';
import type { FieldDescriptor } from './descriptor-shape.ts';
import { dottedName, identifier } from './descriptor-name.ts';
import { jsonNameOf } from './json-name.ts';

/** How the parts of a descriptor become parts of a tree. */
export interface ReadContext {
  readonly syntax: 'proto2' | 'proto3' | 'editions';
  readonly options: (message: OptionsMessage, bytes: Uint8Array | undefined) => readonly Option[];
}

const LABELS: Readonly<Record<number, Label>> = { 1: 'optional', 2: 'required', 3: 'repeated' };
const GROUP = 10;

/** A field of a descriptor; `map` is the type of a field whose message is the entry of a map. */
export function fieldOf(
  context: ReadContext,
  descriptor: FieldDescriptor,
  { inOneof, map }: { inOneof: boolean; map?: Extract<FieldType, { kind: 'map' }> },
): Field {
  const label = inOneof || map !== undefined ? undefined : labelOf(context, descriptor);
  const type = map ?? typeOf(descriptor);
  return {
    kind: 'field',
    ...(label === undefined ? {} : { label }),
    type,
    name: identifier(descriptor.name),
    number: descriptor.number ?? 0,
    options: fieldOptions(context, descriptor, type),
  };
}

/** Proto3 and editions have no labels but repeated, and optional where presence is tracked. */
export function labelOf(
  { syntax }: ReadContext,
  { label = 1, proto3_optional: optional }: FieldDescriptor,
): Label | undefined {
  if (optional === true) return 'optional';
  const name = LABELS[label];
  return syntax === 'proto2' || name === 'repeated' ? name : undefined;
}

/** The options of a field with its default, and its JSON name where it is not the usual one. */
export function fieldOptions(context: ReadContext, descriptor: FieldDescriptor, type: FieldType): Option[] {
  const { default_value: text, json_name: jsonName, name = '' } = descriptor;
  const special: Option[] = [];
  if (text !== undefined && context.syntax !== 'proto3') {
    special.push({ name: [{ name: 'default', extension: false }], value: defaultOf(text, type) });
  }
  if (jsonName !== undefined && jsonName !== jsonNameOf(name)) {
    special.push({ name: [{ name: 'json_name', extension: false }], value: { kind: 'string', value: jsonName } });
  }
  return [...context.options('FieldOptions', descriptor.options), ...special];
}

export function isGroup({ type }: FieldDescriptor): boolean {
  return type === GROUP;
}

function typeOf({ type, type_name: typeName }: FieldDescriptor): SingularType {
  if (typeName !== undefined) return { kind: 'named', name: dottedName(typeName) };
  const name = TYPE_NAMES.get(type ?? 0);
  if (name === undefined) throw schemaInvalid(`The serialized descriptor has a field of the unknown type ${type ?? 0}`);
  return { kind: 'scalar', name };
}

function defaultOf(text: string, type: FieldType): OptionValue {
  if (type.kind === 'scalar' && type.name === 'string') return { kind: 'string', value: text };
  if (type.kind === 'scalar' && type.name === 'bytes') {
    return bytesValue(literalBytes(`"${text.replaceAll('\n', '\\n')}"`, { line: 1, column: 1 }));
  }
  if (/^-?(?:[0-9.]|inf|nan)/.test(text) && !/^(?:inf|nan)$/.test(text)) {
    if (/^-?(?:[0-9.]+(?:e[+-]?[0-9]+)?|inf|nan)$/.test(text)) return { kind: 'number', text };
  }
  return { kind: 'identifier', name: identifier(text) };
}
