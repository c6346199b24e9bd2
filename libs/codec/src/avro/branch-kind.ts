import type { AvroType } from './avsc-internals.ts';

/** How the values of a type show in JavaScript. Branches of one union that differ in this need no wrapping. */
export type BranchKind = 'null' | 'boolean' | 'number' | 'bigint' | 'string' | 'bytes' | 'array' | 'object';

export function kindOfType(type: AvroType): BranchKind {
  if ('isDecimal' in type) return 'string';
  switch (type.typeName) {
    case 'null':
    case 'boolean':
    case 'string':
    case 'bytes':
    case 'array':
      return type.typeName;
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
    default:
      return 'object';
  }
}

/** Undefined for what is no value of any type. */
export function kindOfValue(value: unknown): BranchKind | undefined {
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'bigint':
    case 'string':
      return typeof value as BranchKind;
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'array';
      return value instanceof Uint8Array ? 'bytes' : 'object';
    default:
      return undefined;
  }
}
