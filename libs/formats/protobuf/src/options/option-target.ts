import { type Option, optionName } from '../ast/option.ts';
import { schemaInvalid } from '../errors.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import {
  findTextField,
  findField,
  type FieldPlace,
  type MessagePlace,
  resolveFieldType,
  type ResolvedType,
} from '../resolve/field-type.ts';
import type { ExtensionSymbol } from '../resolve/file-symbols.ts';
import { builtInFile } from '../resolve/load-imports.ts';
import { resolveExtension, resolveType, visibleExtensions } from '../resolve/resolve-name.ts';

/** The messages of descriptor.proto that hold the options of the parts of a file. */
export type OptionsMessage =
  | 'FileOptions'
  | 'MessageOptions'
  | 'FieldOptions'
  | 'OneofOptions'
  | 'EnumOptions'
  | 'EnumValueOptions'
  | 'ExtensionRangeOptions'
  | 'ServiceOptions'
  | 'MethodOptions';

/** A field on the way from the options message to the value, with its resolved type. */
export interface OptionStep {
  readonly place: FieldPlace;
  readonly type: ResolvedType;
}

let descriptorProto: ProtobufSchema | undefined;

/** The built-in descriptor.proto as a schema. */
export function descriptorSchema(): ProtobufSchema {
  if (descriptorProto === undefined) {
    const file = builtInFile('google/protobuf/descriptor.proto');
    if (file === undefined) throw new Error('descriptor.proto is not built in');
    descriptorProto = { file, imports: new Map() };
  }
  return descriptorProto;
}

/** A message of the built-in descriptor.proto, by its name in it. */
export function descriptorMessage(name: string): MessagePlace {
  const symbol = resolveType(descriptorSchema(), name, 'google.protobuf');
  if (symbol?.type.kind !== 'message') throw new Error(`descriptor.proto has no message ${name}`);
  return { fullName: symbol.fullName, message: symbol.type, file: symbol.file };
}

/**
 * The fields that the name of an option leads through, the last one being what it sets. Names of extensions are resolved within
 * `scope` and outwards. Undefined when a name is unknown. Throws SCHEMA_INVALID when the way leads through what has no fields.
 */
export function optionTarget(
  schema: ProtobufSchema,
  message: OptionsMessage,
  option: Option,
  scope: string,
): readonly OptionStep[] | undefined {
  const steps: OptionStep[] = [];
  let holder = descriptorMessage(message);
  for (const [index, { name, extension }] of option.name.entries()) {
    const place = extension ? extensionOf(schema, holder, name, scope) : findField(holder, name);
    if (place === undefined) return undefined;
    const type = resolveFieldType(schema, place);
    if (type.kind === 'unknown') return undefined;
    steps.push({ place, type });
    if (index === option.name.length - 1) break;
    if ((type.kind !== 'message' && type.kind !== 'group') || place.field.label === 'repeated') {
      throw schemaInvalid(`Option "${optionName(option)}": "${name}" is not a single message`, option.at);
    }
    holder = type;
  }
  return steps;
}

/** The extension of that name, if it extends that message. */
export function extensionOf(
  schema: ProtobufSchema,
  holder: MessagePlace,
  name: string,
  scope: string,
): FieldPlace | undefined {
  const symbol = resolveExtension(schema, name, scope);
  if (symbol === undefined) return undefined;
  const extendee = resolveType(schema, symbol.extend.name, symbol.scope, symbol.file);
  return extendee?.fullName === holder.fullName ? symbol : undefined;
}

/** The field that an entry of an aggregate sets; of a group the name of its type may stand there. Undefined when there is none. */
export function aggregateTarget(
  schema: ProtobufSchema,
  holder: MessagePlace,
  name: string,
  scope: string,
): FieldPlace | undefined {
  const extension = /^\[(.*)\]$/.exec(name)?.[1];
  if (extension !== undefined) return extensionOf(schema, holder, extension, scope);
  return findTextField(holder, name);
}

/** The extension of a message with a number, among those that the schema's own file can use. */
export function extensionByNumber(
  schema: ProtobufSchema,
  holder: MessagePlace,
  number: number,
): ExtensionSymbol | undefined {
  let byNumber = extensionsBySchema.get(schema);
  if (byNumber === undefined) {
    byNumber = new Map();
    for (const symbol of visibleExtensions(schema)) {
      const extendee = resolveType(schema, symbol.extend.name, symbol.scope, symbol.file);
      if (extendee === undefined) continue;
      const key = `${extendee.fullName} ${symbol.field.number}`;
      if (!byNumber.has(key)) byNumber.set(key, symbol);
    }
    extensionsBySchema.set(schema, byNumber);
  }
  return byNumber.get(`${holder.fullName} ${number}`);
}

const extensionsBySchema = new WeakMap<ProtobufSchema, Map<string, ExtensionSymbol>>();
