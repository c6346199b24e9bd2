import type { Field, Label } from '../ast/field.ts';
import type { Extend, Group, Message, Oneof, TypeDeclaration } from '../ast/message.ts';
import type { Option } from '../ast/option.ts';
import type { Position } from '../ast/position.ts';
import type { ExtensionRanges, Reserved } from '../ast/ranges.ts';
import { schemaInvalid } from '../errors.ts';
import { parseEnum } from './parse-enum.ts';
import { parseInlineOptions, parseOptionStatement } from './parse-option.ts';
import { parseExtensionRanges, parseReserved } from './parse-ranges.ts';
import { parseType } from './parse-type.ts';
import type { TokenStream } from './token-stream.ts';

const LABELS: readonly string[] = ['optional', 'required', 'repeated'];

/** `message Name { … }` */
export function parseMessage(stream: TokenStream): Message {
  stream.countNode();
  const at = stream.at();
  stream.expect('message');
  return parseMessageBody(stream, stream.identifier('the name of a message'), at);
}

/** The body in braces of a message or a group. */
export function parseMessageBody(stream: TokenStream, name: string, at: Position): Message {
  return stream.nested(() => {
    const message = {
      kind: 'message' as const,
      name,
      options: [] as Option[],
      reserved: [] as Reserved[],
      fields: [] as Field[],
      groups: [] as Group[],
      oneofs: [] as Oneof[],
      extensionRanges: [] as ExtensionRanges[],
      nestedTypes: [] as TypeDeclaration[],
      extends: [] as Extend[],
      at,
    };
    stream.expect('{');
    while (!stream.take('}')) if (!stream.take(';')) parseMember(stream, message);
    return message;
  });
}

type Draft = { -readonly [K in keyof Message]: Message[K] extends readonly (infer E)[] ? E[] : Message[K] };

/** As protoc does, a word that starts a statement is never taken for the name of a type. */
function parseMember(stream: TokenStream, message: Draft): void {
  if (stream.looksAt('message')) message.nestedTypes.push(parseMessage(stream));
  else if (stream.looksAt('enum')) message.nestedTypes.push(parseEnum(stream));
  else if (stream.looksAt('option')) message.options.push(parseOptionStatement(stream));
  else if (stream.looksAt('reserved')) message.reserved.push(parseReserved(stream));
  else if (stream.looksAt('extensions')) message.extensionRanges.push(parseExtensionRanges(stream));
  else if (stream.looksAt('extend')) message.extends.push(parseExtend(stream));
  else if (stream.looksAt('oneof')) message.oneofs.push(parseOneof(stream));
  else {
    const field = parseField(stream);
    if (field.kind === 'field') message.fields.push(field);
    else message.groups.push(field);
  }
}

/** A field, a map field or a group, with its label if it has one. */
function parseField(stream: TokenStream): Field | Group {
  stream.countNode();
  const at = stream.at();
  const { kind, text } = stream.peek();
  const label = kind === 'identifier' && LABELS.includes(text) ? (stream.next().text as Label) : undefined;
  const labelled = label === undefined ? {} : { label };
  if (stream.looksAt('group') && stream.peekSecond().kind === 'identifier')
    return { ...labelled, ...parseGroup(stream), at };
  const type = parseType(stream);
  if (type.kind === 'map' && label !== undefined) throw schemaInvalid(`A map field cannot be ${label}`, at);
  const name = stream.identifier('the name of a field');
  stream.expect('=');
  const number = stream.int32('the number of a field');
  const options = parseInlineOptions(stream);
  stream.expect(';');
  return { kind: 'field', ...labelled, type, name, number, options, at };
}

function parseGroup(stream: TokenStream): Group {
  stream.expect('group');
  const at = stream.at();
  const name = stream.identifier('the name of a group');
  stream.expect('=');
  const number = stream.int32('the number of a group');
  const options = parseInlineOptions(stream);
  const message = parseMessageBody(stream, name, at);
  return { kind: 'group', number, options, message };
}

/** `oneof name { … }` */
function parseOneof(stream: TokenStream): Oneof {
  stream.countNode();
  const at = stream.at();
  stream.expect('oneof');
  const name = stream.identifier('the name of a oneof');
  const options: Option[] = [];
  const members: (Field | Group)[] = [];
  stream.expect('{');
  while (!stream.take('}')) {
    if (stream.take(';')) continue;
    if (stream.looksAt('option')) options.push(parseOptionStatement(stream));
    else members.push(oneofMember(stream));
  }
  return { name, options, ...apart(members), at };
}

function oneofMember(stream: TokenStream): Field | Group {
  const member = stream.nested(() => parseField(stream));
  if (member.label !== undefined) throw schemaInvalid(`A field of a oneof cannot be ${member.label}`, member.at);
  if (member.kind === 'field' && member.type.kind === 'map')
    throw schemaInvalid('A field of a oneof cannot be a map', member.at);
  return member;
}

/** `extend Foo { … }` */
export function parseExtend(stream: TokenStream): Extend {
  stream.countNode();
  const at = stream.at();
  stream.expect('extend');
  const name = stream.dottedName('the name of a message', { leadingDot: true });
  const members: (Field | Group)[] = [];
  stream.expect('{');
  while (!stream.take('}')) if (!stream.take(';')) members.push(stream.nested(() => parseField(stream)));
  return { name, ...apart(members), at };
}

function apart(members: readonly (Field | Group)[]): { fields: Field[]; groups: Group[] } {
  return {
    fields: members.filter((member) => member.kind === 'field'),
    groups: members.filter((member) => member.kind === 'group'),
  };
}
