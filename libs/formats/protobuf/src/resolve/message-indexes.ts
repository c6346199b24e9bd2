import type { Message, TypeDeclaration } from '../ast/message.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { qualified } from './file-symbols.ts';

/** A message of a schema's own file with its full name. */
export interface NamedMessage {
  readonly fullName: string;
  readonly message: Message;
}

/**
 * The path to a message that Confluent's wire format carries: its place among the messages of the file, then among the nested
 * messages of each level. Enums and groups do not count. Undefined when the file does not declare the message.
 */
export function messageIndexes(schema: ProtobufSchema, fullName: string): number[] | undefined {
  const indexes: number[] = [];
  let scope = schema.file.package ?? '';
  let types = schema.file.types;
  while (scope !== fullName) {
    const messages = messagesOf(types);
    const index = messages.findIndex(({ name }) => isWithin(fullName, qualified(scope, name)));
    const found = messages[index];
    if (found === undefined) return undefined;
    indexes.push(index);
    scope = qualified(scope, found.name);
    types = found.nestedTypes;
  }
  return indexes.length === 0 ? undefined : indexes;
}

/** The message that a path leads to; an empty path stands for the first message. Undefined when there is none. */
export function messageAt(schema: ProtobufSchema, indexes: readonly number[]): NamedMessage | undefined {
  let fullName = schema.file.package ?? '';
  let types = schema.file.types;
  let message: Message | undefined;
  for (const index of indexes.length === 0 ? [0] : indexes) {
    message = messagesOf(types)[index];
    if (message === undefined) return undefined;
    fullName = qualified(fullName, message.name);
    types = message.nestedTypes;
  }
  return message === undefined ? undefined : { fullName, message };
}

/** The full names of all messages of the schema's own file, each before the messages nested in it. */
export function messageNames(schema: ProtobufSchema): string[] {
  const namesIn = (scope: string, types: readonly TypeDeclaration[]): string[] =>
    messagesOf(types).flatMap(({ name, nestedTypes }) => {
      const fullName = qualified(scope, name);
      return [fullName, ...namesIn(fullName, nestedTypes)];
    });
  return namesIn(schema.file.package ?? '', schema.file.types);
}

function messagesOf(types: readonly TypeDeclaration[]): Message[] {
  return types.filter((type) => type.kind === 'message');
}

function isWithin(fullName: string, scope: string): boolean {
  return fullName === scope || fullName.startsWith(`${scope}.`);
}
