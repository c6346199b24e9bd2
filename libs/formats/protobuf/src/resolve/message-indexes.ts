import type { Message } from '../ast/message.ts';
import { typesOfFile, typesOfMessage } from '../ast/type-order.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { qualified } from './file-symbols.ts';

/** A message of a schema's own file with its full name. */
export interface NamedMessage {
  readonly fullName: string;
  readonly message: Message;
}

/**
 * The path to a message that Confluent's wire format carries: its place among the messages of the file, then among those of each
 * level, in source order. The message of a group counts like any other, for the libraries that clients are built on (protobuf-es,
 * protobufjs, protobuf-java) have it among the nested messages; only the parser of Confluent's registry keeps groups apart, which
 * its clients never see. Enums do not count. Undefined when the file does not declare the message.
 */
export function messageIndexes({ file }: ProtobufSchema, fullName: string): number[] | undefined {
  const indexes: number[] = [];
  let scope = file.package ?? '';
  let messages = typesOfFile(file);
  while (scope !== fullName) {
    const index = messages.findIndex(({ name }) => isWithin(fullName, qualified(scope, name)));
    const found = messages[index];
    if (found === undefined) return undefined;
    indexes.push(index);
    scope = qualified(scope, found.name);
    messages = typesOfMessage(found);
  }
  return indexes.length === 0 ? undefined : indexes;
}

/** The message that a path leads to; an empty path stands for the first message. Undefined when there is none. */
export function messageAt({ file }: ProtobufSchema, indexes: readonly number[]): NamedMessage | undefined {
  let fullName = file.package ?? '';
  let messages = typesOfFile(file);
  let message: Message | undefined;
  for (const index of indexes.length === 0 ? [0] : indexes) {
    message = messages[index];
    if (message === undefined) return undefined;
    fullName = qualified(fullName, message.name);
    messages = typesOfMessage(message);
  }
  return message === undefined ? undefined : { fullName, message };
}

/** The full names of all messages of the schema's own file, each before the messages nested in it. */
export function messageNames({ file }: ProtobufSchema): string[] {
  const namesIn = (scope: string, messages: readonly Message[]): string[] =>
    messages.flatMap((message) => {
      const fullName = qualified(scope, message.name);
      return [fullName, ...namesIn(fullName, typesOfMessage(message))];
    });
  return namesIn(file.package ?? '', typesOfFile(file));
}

function isWithin(fullName: string, scope: string): boolean {
  return fullName === scope || fullName.startsWith(`${scope}.`);
}
