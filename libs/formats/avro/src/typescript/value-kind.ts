import type { AvroType } from '../avro-type.ts';

/** How decoded values of a type show in JavaScript. */
export type ValueKind = 'null' | 'boolean' | 'number' | 'bigint' | 'string' | 'bytes' | 'array' | 'object';

/** Longs are bigints whatever their logical type, decimals exact texts, enums strings. */
export function valueKind(type: Exclude<AvroType, { kind: 'union' }>): ValueKind {
  if (isDecimal(type)) return 'string';
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'double':
      return 'number';
    case 'long':
      return 'bigint';
    case 'enum':
      return 'string';
    case 'fixed':
      return 'bytes';
    case 'record':
    case 'map':
      return 'object';
    default:
      return type.kind;
  }
}

export function isDecimal(type: AvroType): boolean {
  return 'logicalType' in type && type.logicalType?.name === 'decimal';
}

/**
 * Whether the values of a union say their branch, `{ "com.example.Card": {...} }`: where the values of two branches have the same
 * kind and could not be told apart. Null is never wrapped.
 */
export function isWrapped(branches: readonly AvroType[]): boolean {
  const kinds = branches.map((branch) => (branch.kind === 'union' ? 'object' : valueKind(branch)));
  return new Set(kinds).size < kinds.length;
}
