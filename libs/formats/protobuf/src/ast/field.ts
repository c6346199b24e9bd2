import type { Option } from './option.ts';
import type { Placed } from './position.ts';

export const SCALAR_TYPES = [
  'double',
  'float',
  'int64',
  'uint64',
  'int32',
  'fixed64',
  'fixed32',
  'bool',
  'string',
  'bytes',
  'uint32',
  'sfixed32',
  'sfixed64',
  'sint32',
  'sint64',
] as const;
export type ScalarType = (typeof SCALAR_TYPES)[number];

/** `name` of a named type is as written: `Foo`, `foo.Bar`, `.foo.Bar`; resolving it needs its scope (see resolveType). */
export type SingularType =
  | { readonly kind: 'scalar'; readonly name: ScalarType }
  | { readonly kind: 'named'; readonly name: string };

export type FieldType = SingularType | { readonly kind: 'map'; readonly key: ScalarType; readonly value: SingularType };

export type Label = 'optional' | 'required' | 'repeated';

/** A field of a message, a oneof or an extend block. `default` and `json_name` are among its options. */
export interface Field extends Placed {
  readonly kind: 'field';
  /** Absent in oneofs, on maps, and on singular fields of proto3 and of editions. */
  readonly label?: Label;
  readonly type: FieldType;
  readonly name: string;
  readonly number: number;
  readonly options: readonly Option[];
}

export function isScalarType(name: string): name is ScalarType {
  return (SCALAR_TYPES as readonly string[]).includes(name);
}
