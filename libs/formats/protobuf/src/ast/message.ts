import type { Enum } from './enum.ts';
import type { Field, Label } from './field.ts';
import type { Option } from './option.ts';
import type { Placed } from './position.ts';
import type { ExtensionRanges, Reserved } from './ranges.ts';

/**
 * Like the other nodes, its parts are kept per kind, each in source order. The order of kinds among each other is only known by
 * their places; of types it counts (see type-order.ts).
 */
export interface Message extends Placed {
  readonly kind: 'message';
  readonly name: string;
  readonly options: readonly Option[];
  readonly reserved: readonly Reserved[];
  /** Fields outside of oneofs; map fields are among them. */
  readonly fields: readonly Field[];
  readonly groups: readonly Group[];
  readonly oneofs: readonly Oneof[];
  readonly extensionRanges: readonly ExtensionRanges[];
  readonly nestedTypes: readonly TypeDeclaration[];
  readonly extends: readonly Extend[];
}

export type TypeDeclaration = Message | Enum;

/** A oneof as written. The synthetic one of a proto3 `optional` field is not in the tree. */
export interface Oneof extends Placed {
  readonly name: string;
  readonly options: readonly Option[];
  readonly fields: readonly Field[];
  readonly groups: readonly Group[];
}

/** `extend Foo { … }`; `name` is as written. */
export interface Extend extends Placed {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly groups: readonly Group[];
}

/** A proto2 group: a field and the type of its message in one. The field's name is the type's name in lower case. */
export interface Group extends Placed {
  readonly kind: 'group';
  readonly label?: Label;
  readonly number: number;
  readonly options: readonly Option[];
  /** The group's type, with the name as written. */
  readonly message: Message;
}

/** The name of a field as it is in descriptors. */
export function fieldName(field: Field | Group): string {
  return field.kind === 'group' ? field.message.name.toLowerCase() : field.name;
}

/** The types that a message declares: the nested ones and those of its groups. */
export function typesWithin(message: Message): readonly TypeDeclaration[] {
  const groups = [...message.groups, ...message.oneofs.flatMap((oneof) => oneof.groups)];
  return [
    ...message.nestedTypes,
    ...[...groups, ...message.extends.flatMap((extend) => extend.groups)].map((group) => group.message),
  ];
}
