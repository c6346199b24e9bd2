import type { Enum } from '../ast/enum.ts';
import type { Field, FieldType } from '../ast/field.ts';
import type { Group, Message } from '../ast/message.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { isClosedEnum, presenceOf } from '../resolve/feature.ts';
import type { TypeSymbol } from '../resolve/file-symbols.ts';
import { type MapEntry, mapEntryOf } from '../resolve/map-entry.ts';
import { resolveType } from '../resolve/resolve-name.ts';
import { SCALAR_TYPESCRIPT } from './scalar-types.ts';

/** What writing a message down needs to know. */
export interface MessageContext {
  readonly schema: ProtobufSchema;
  /** The message. */
  readonly type: TypeSymbol;
  /** The name of a type that is used, which is declared in its turn. */
  readonly use: (type: TypeSymbol) => string;
}

export function enumDeclaration(name: string, declaration: Enum, { fullName, file }: TypeSymbol): string {
  const values = [...new Set(declaration.values.map((value) => `'${value.name}'`))];
  if (!isClosedEnum(declaration, file)) values.push('number');
  return `/** Enum ${fullName}. */\nexport type ${name} = ${values.length === 0 ? 'never' : values.join(' | ')};`;
}

export function messageDeclaration(name: string, message: Message, context: MessageContext): string {
  const members = [
    ...[...message.fields, ...message.groups].map((field) => memberOf(field, context)),
    ...message.oneofs.flatMap((oneof) =>
      [...oneof.fields, ...oneof.groups].map(
        (field) => `  /** One of ${oneof.name}. */\n  ${memberName(field)}?: ${valueType(field, context)};`,
      ),
    ),
  ];
  const doc = `/** Message ${context.type.fullName}. */`;
  if (members.length === 0) return `${doc}\nexport type ${name} = Record<string, never>;`;
  return `${doc}\nexport interface ${name} {\n${members.join('\n')}\n}`;
}

function memberOf(field: Field | Group, context: MessageContext): string {
  const name = memberName(field);
  const entry = entryOf(field, context);
  if (entry !== undefined) return `  ${name}: ${mapType(entry, context)};`;
  const type = valueType(field, context);
  if (field.label === 'repeated') return `  ${name}: ${/[ |]/.test(type) ? `(${type})` : type}[];`;
  if (field.kind === 'field' && field.type.kind === 'map') return `  ${name}: ${type};`;
  const presence = presenceOf(field, context.type.file);
  const absent = presence === 'explicit' || (presence === 'implicit' && isMessage(field, context));
  return `  ${name}${absent ? '?' : ''}: ${type};`;
}

/** The name that decoding gives the member: as written; a group's begins with a small letter. */
function memberName(field: Field | Group): string {
  if (field.kind === 'field') return field.name;
  return field.message.name.charAt(0).toLowerCase() + field.message.name.slice(1);
}

function valueType(field: Field | Group, context: MessageContext): string {
  return field.kind === 'group' ? groupType(field, context) : typeOf(field.type, context);
}

function typeOf(type: FieldType, context: MessageContext): string {
  if (type.kind === 'map') return mapType(type, context);
  if (type.kind === 'scalar') return SCALAR_TYPESCRIPT[type.name];
  const found = resolved(type.name, context);
  return found === undefined ? 'unknown' : context.use(found);
}

function groupType(group: Group, context: MessageContext): string {
  const found = resolved(group.message.name, context);
  return found === undefined ? 'unknown' : context.use(found);
}

function mapType({ value }: Pick<MapEntry, 'value'>, context: MessageContext): string {
  return `Record<string, ${typeOf(value, context)}>`;
}

function entryOf(field: Field | Group, context: MessageContext): MapEntry | undefined {
  if (field.kind === 'group' || field.type.kind !== 'named') return undefined;
  const found = resolved(field.type.name, context);
  return found === undefined ? undefined : mapEntryOf(found.type);
}

function isMessage(field: Field | Group, context: MessageContext): boolean {
  if (field.kind === 'group') return true;
  if (field.type.kind !== 'named') return false;
  return resolved(field.type.name, context)?.type.kind !== 'enum';
}

function resolved(name: string, { schema, type }: MessageContext): TypeSymbol | undefined {
  return resolveType(schema, name, type.fullName, type.file);
}
