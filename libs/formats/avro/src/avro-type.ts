import type { JsonNode } from '#libs/formats/json-text';
import type { LogicalType } from './logical-type.ts';
import type { Name } from './name.ts';
import type { PrimitiveKind } from './primitive-kind.ts';

/** Properties that Avro itself gives no meaning to, in the order of the text; values as Jackson keeps them. */
export type Properties = ReadonlyMap<string, JsonNode>;

/**
 * A type of a parsed schema. A name in the text stands here as the named type itself, so recursive schemas are cyclic: whoever
 * walks one keeps the set of named types already seen. `logicalType` is there when it is valid for the type; an unknown or
 * invalid one stays a property without meaning, as in Java.
 */
export type AvroType = PrimitiveType | RecordType | EnumType | FixedType | ArrayType | MapType | UnionType;
export type NamedType = RecordType | EnumType | FixedType;

export interface PrimitiveType {
  readonly kind: PrimitiveKind;
  readonly properties: Properties;
  readonly logicalType?: LogicalType;
}

interface Named {
  readonly name: Name;
  readonly doc?: string;
  readonly aliases: readonly Name[];
  readonly properties: Properties;
}

export interface RecordType extends Named {
  readonly kind: 'record';
  /** Declared with `"type":"error"`: the error of a protocol, otherwise a record. */
  readonly isError: boolean;
  readonly fields: readonly RecordField[];
}

export interface EnumType extends Named {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
  /** What a reader takes for a symbol that it does not know. */
  readonly default?: string;
}

export interface FixedType extends Named {
  readonly kind: 'fixed';
  /** Bytes. */
  readonly size: number;
  readonly logicalType?: LogicalType;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly items: AvroType;
  readonly properties: Properties;
}

export interface MapType {
  readonly kind: 'map';
  readonly values: AvroType;
  readonly properties: Properties;
}

export interface UnionType {
  readonly kind: 'union';
  /** No unions, and at most one of each unnamed kind and of each name. */
  readonly branches: readonly AvroType[];
}

export type FieldOrder = 'ascending' | 'descending' | 'ignore';

export interface RecordField {
  readonly name: string;
  readonly type: AvroType;
  readonly doc?: string;
  /** As written, with numbers as Jackson keeps them; need not fit the type until `validate` has said so. */
  readonly default?: JsonNode;
  readonly order: FieldOrder;
  readonly aliases: readonly string[];
  readonly properties: Properties;
}

/** Whether a type has a name of its own. */
export function isNamed(type: AvroType): type is NamedType {
  return type.kind === 'record' || type.kind === 'enum' || type.kind === 'fixed';
}
