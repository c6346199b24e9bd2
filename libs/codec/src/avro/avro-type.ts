import { type AvroType, type ForSchemaOptions, forSchema } from './avsc-internals.ts';
import { BinaryType, FixedBinaryType } from './binary-types.ts';
import { BoundedArrayType, BoundedMapType } from './block-types.ts';
import { decimalType } from './decimal-types.ts';
import { ExactLongType } from './long-type.ts';
import { PlainRecordType } from './plain-record-type.ts';
import { PlainUnionType } from './plain-union-type.ts';
import { SymbolType } from './symbol-type.ts';
import { WellFormedStringType } from './text-type.ts';

const LONG = new ExactLongType();
const STRING = new WellFormedStringType();
const BYTES = new BinaryType();

/** The avsc type of a parsed schema. The dependencies come first, each after those that it uses. */
export function avroType(schema: unknown, dependencies: readonly unknown[]): AvroType {
  const registry = Object.create(null) as ForSchemaOptions['registry'];
  const options = (): ForSchemaOptions => ({ registry, typeHook: ownType });
  for (const dependency of dependencies) forSchema(dependency, options());
  return forSchema(schema, options());
}

function ownType(schema: unknown, options: ForSchemaOptions): AvroType | undefined {
  if (Array.isArray(schema)) return new PlainUnionType(schema, options);
  if (typeof schema === 'string') return primitive(schema);
  if (typeof schema !== 'object' || schema === null) return undefined;
  const { type } = schema as { type?: unknown };
  if (typeof type !== 'string') return type === undefined ? undefined : forSchema(type, options);
  const decimal = decimalType(schema as { type: string }, options);
  if (decimal !== undefined) return decimal;
  switch (type) {
    case 'record':
    case 'error':
      return new PlainRecordType(schema, options);
    case 'enum':
      return new SymbolType(schema, options);
    case 'fixed':
      return new FixedBinaryType(schema, options);
    case 'array':
      return new BoundedArrayType(schema, options);
    case 'map':
      return new BoundedMapType(schema, options);
    default:
      return primitive(type) ?? (NATIVE.has(type) ? undefined : forSchema(type, options));
  }
}

/** Types that avsc's own do not lose anything of. */
const NATIVE: ReadonlySet<string> = new Set(['null', 'boolean', 'int', 'float', 'double']);

function primitive(name: string): AvroType | undefined {
  switch (name) {
    case 'long':
      return LONG;
    case 'string':
      return STRING;
    case 'bytes':
      return BYTES;
    default:
      return undefined;
  }
}
