import type { Extend, Group, Message, Oneof, TypeDeclaration } from './message.ts';
import type { ProtoFile } from './proto-file.ts';

/** A part of a file or message that declares message types: a message itself, a group, or what holds groups. */
export type Declaration =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'group'; readonly group: Group }
  | { readonly kind: 'oneof'; readonly oneof: Oneof }
  | { readonly kind: 'extend'; readonly extend: Extend };

/** The parts of a file or message as its canonical text shows them: by their kind, and at the end what declares types. */
export interface Layout {
  readonly oneofs: readonly Oneof[];
  readonly groups: readonly Group[];
  readonly extends: readonly Extend[];
  readonly declarations: readonly Declaration[];
}

/**
 * The layout of a message. Groups are message types like nested messages, and clients count both, in source order, when they say
 * which message they wrote. Confluent's layout shows oneofs, groups, extend blocks, nested messages. Where a nested message would
 * get another index so than in the source, what declares types comes in the order of the source instead, behind all else: bytes
 * that a client wrote with its own code would be read as another message.
 */
export function layoutOf(message: Message): Layout {
  const { oneofs, groups, nestedTypes } = message;
  const order = sourceOrder([
    ...oneofs.filter(declares).map((oneof) => ({ kind: 'oneof', oneof }) as const),
    ...groups.map((group) => ({ kind: 'group', group }) as const),
    ...message.extends.filter(declares).map((extend) => ({ kind: 'extend', extend }) as const),
    ...messages(nestedTypes),
  ]);
  if (order === undefined) return { oneofs, groups, extends: message.extends, declarations: messages(nestedTypes) };
  return {
    oneofs: oneofs.filter((oneof) => !declares(oneof)),
    groups: [],
    extends: message.extends.filter((extend) => !declares(extend)),
    declarations: order,
  };
}

/** The layout of a file: as of a message, but extend blocks come behind its messages. */
export function fileLayoutOf(file: ProtoFile): Pick<Layout, 'extends' | 'declarations'> {
  const order = sourceOrder([
    ...messages(file.types),
    ...file.extends.filter(declares).map((extend) => ({ kind: 'extend', extend }) as const),
  ]);
  if (order === undefined) return { extends: file.extends, declarations: messages(file.types) };
  return { extends: file.extends.filter((extend) => !declares(extend)), declarations: order };
}

/** The message types that a message declares, those of groups included, in the order of its text. */
export function typesOfMessage(message: Message): Message[] {
  const { oneofs, groups, extends: blocks, declarations } = layoutOf(message);
  return [
    ...[...oneofs, { groups }, ...blocks].flatMap((holder) => holder.groups.map((group) => group.message)),
    ...declarations.flatMap(typesOf),
  ];
}

/** The same of a file. */
export function typesOfFile(file: ProtoFile): Message[] {
  const { extends: blocks, declarations } = fileLayoutOf(file);
  return [...declarations.flatMap(typesOf), ...blocks.flatMap(({ groups }) => groups.map((group) => group.message))];
}

/** The declarations by the places of their types, when a message has another index so; trees without places have none. */
function sourceOrder(declarations: readonly Declaration[]): Declaration[] | undefined {
  if (declarations.every(({ kind }) => kind === 'message')) return undefined;
  const placed = declarations.map((declaration) => ({ declaration, at: typesOf(declaration)[0]?.at }));
  if (placed.some(({ at }) => at === undefined)) return undefined;
  placed.sort((a, b) => a.at!.line - b.at!.line || a.at!.column - b.at!.column);
  const order = placed.map(({ declaration }) => declaration);
  const inSource = order.flatMap(typesOf);
  const inLayout = declarations.flatMap(typesOf);
  const nested = new Set(declarations.flatMap((each) => (each.kind === 'message' ? [each.message] : [])));
  return inLayout.every((type, index) => !nested.has(type) || inSource[index] === type) ? undefined : order;
}

function typesOf(declaration: Declaration): Message[] {
  switch (declaration.kind) {
    case 'message':
      return [declaration.message];
    case 'group':
      return [declaration.group.message];
    case 'oneof':
      return declaration.oneof.groups.map(({ message }) => message);
    default:
      return declaration.extend.groups.map(({ message }) => message);
  }
}

function declares({ groups }: Oneof | Extend): boolean {
  return groups.length > 0;
}

function messages(types: readonly TypeDeclaration[]): Declaration[] {
  return types.flatMap((message) => (message.kind === 'message' ? [{ kind: 'message', message } as const] : []));
}
