import protobuf from 'protobufjs';
import { builtInProto } from '#libs/formats/protobuf';
import type { Dependency } from '#libs/formats/schema';
import type { MessageIndexes } from '../wire/message-indexes.ts';

/** A file with all that it imports, resolved, and the messages of the file by their places in it. */
export interface ProtoFile {
  /** In the order of the file, each before those within it. */
  readonly messages: readonly FileMessage[];
  /** By their indexes, joined by commas. */
  readonly byIndexes: ReadonlyMap<string, FileMessage>;
}

export interface FileMessage {
  readonly indexes: MessageIndexes;
  readonly fullName: string;
  readonly type: protobuf.Type;
}

/** Parses a file and what it imports. Only the given texts and the built-in files are looked at. */
export function protoFile(text: string, dependencies: readonly Dependency[]): ProtoFile {
  const root = new protobuf.Root();
  const given = new Set(dependencies.map(({ name }) => name));
  const parse = (part: string): void => {
    const { imports = [], weakImports = [] } = protobuf.parse(part, root, { keepCase: true });
    for (const name of [...imports, ...weakImports]) {
      if (given.has(name)) continue;
      given.add(name);
      parse(builtIn(name));
    }
  };
  for (const part of [...dependencies.map((dependency) => dependency.text), text]) parse(part);
  root.resolveAll();
  const messages = messagesOf(text).map(({ indexes, fullName }) => ({
    indexes,
    fullName,
    type: root.lookupType(`.${fullName}`),
  }));
  return { messages, byIndexes: new Map(messages.map((message) => [message.indexes.join(), message])) };
}

function builtIn(name: string): string {
  const text = builtInProto(name);
  if (text === undefined) throw new Error(`import "${name}" is not among the references`);
  return text;
}

/**
 * The messages in the order of the file, those of groups too, as clients count them. The file is parsed by itself, since a package
 * can be spread over files.
 */
function messagesOf(text: string): { indexes: MessageIndexes; fullName: string }[] {
  const root = new protobuf.Root();
  protobuf.parse(text, root, { keepCase: true });
  const found: { indexes: MessageIndexes; fullName: string }[] = [];
  const visit = (scope: protobuf.NamespaceBase, before: MessageIndexes): void => {
    let index = 0;
    for (const member of scope.nestedArray) {
      if (member instanceof protobuf.Type) {
        const indexes = [...before, index++];
        found.push({ indexes, fullName: member.fullName.slice(1) });
        visit(member, indexes);
      } else if (member instanceof protobuf.Namespace && !(member instanceof protobuf.Service)) {
        visit(member, []);
      }
    }
  };
  visit(root, []);
  return found;
}
