import type { AvroType } from './avsc-internals.ts';

/** What a type wants, for a sentence that ends with "expected". */
export function describeType(type: AvroType): string {
  if ('describe' in type) return (type as unknown as { describe(): string }).describe();
  switch (type.typeName) {
    case 'null':
      return 'null';
    case 'int':
      return 'an int (a whole number of 32 bits)';
    case 'long':
      return 'a long (a bigint of 64 bits)';
    case 'float':
    case 'double':
      return `a ${type.typeName} (a number)`;
    case 'string':
      return 'a string that is well-formed Unicode';
    case 'bytes':
      return 'bytes (a Uint8Array)';
    case 'fixed':
      return `${(type as unknown as { size: number }).size} bytes (a Uint8Array)`;
    case 'enum':
      return `one of ${(type as unknown as { symbols: string[] }).symbols.slice(0, 20).join(', ')}`;
    case 'record':
    case 'error':
      return `an object${type.name === undefined ? '' : ` (record ${type.name})`}`;
    case 'array':
      return 'an array';
    case 'map':
      return 'an object (map)';
    default:
      return type.typeName;
  }
}
