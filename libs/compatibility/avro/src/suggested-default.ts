import type { AvroType } from '#libs/formats/avro';

/** A default that a field of this type could have, for people to read; where none is obvious, a way to make the field optional. */
export function suggestedDefault(type: AvroType): string {
  switch (type.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return 'false';
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return '0';
    case 'string':
    case 'bytes':
      return '""';
    case 'array':
      return '[]';
    case 'map':
      return '{}';
    case 'union':
      return type.branches[0] ? suggestedDefault(type.branches[0]) : 'null, with "null" as a branch';
    case 'enum':
      return type.symbols[0] === undefined ? 'one of its symbols' : `"${type.symbols[0]}"`;
    default:
      return 'null, with the type in a union after "null"';
  }
}
