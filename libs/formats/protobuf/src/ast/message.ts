import type { Enum } from './enum.ts';
import type { Field, Group } from './field.ts';
import type { Option } from './option.ts';
import type { Placed } from './position.ts';

/** Like the other nodes, its parts are kept per kind, each in source order; the order of kinds among each other is not kept. */
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

/** Both ends belong to it; `to` is `'max'` where the text says so. */
export interface NumberRange {
  readonly from: number;
  readonly to: number | 'max';
}

/** One `reserved` statement. A name written without quotes (editions) is kept as a name all the same. */
export interface Reserved extends Placed {
  readonly values: readonly (string | NumberRange)[];
}

/** One `extensions` statement. */
export interface ExtensionRanges extends Placed {
  readonly ranges: readonly NumberRange[];
  readonly options: readonly Option[];
}

/** `extend Foo { … }`; `name` is as written. */
export interface Extend extends Placed {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly groups: readonly Group[];
}
