import { type JsonNode, sortedMembers, printJson } from '#libs/formats/json-text';
import type { AvroType, Properties, RecordField, RecordType, UnionType } from './avro-type.ts';
import { TypePairs } from './type-pairs.ts';

/**
 * Java's `Schema.equals`: names, fields with defaults and order, symbols, sizes and properties; not docs, aliases or the
 * default of an enum.
 */
export function sameType(a: AvroType, b: AvroType): boolean {
  return same(a, b, new TypePairs());
}

function same(a: AvroType, b: AvroType, pairs: TypePairs): boolean {
  if (a === b) return true;
  if (a.kind === 'union' || b.kind === 'union') {
    return a.kind === 'union' && b.kind === 'union' && sameBranches(a, b, pairs);
  }
  if (a.kind !== b.kind || !sameProperties(a.properties, b.properties)) return false;
  switch (a.kind) {
    case 'record':
      return sameRecord(a, b as RecordType, pairs);
    case 'enum':
      return b.kind === 'enum' && a.name.full === b.name.full && everyPair(a.symbols, b.symbols, Object.is);
    case 'fixed':
      return b.kind === 'fixed' && a.name.full === b.name.full && a.size === b.size;
    case 'array':
      return b.kind === 'array' && pairs.descend(() => same(a.items, b.items, pairs));
    case 'map':
      return b.kind === 'map' && pairs.descend(() => same(a.values, b.values, pairs));
    default:
      return true;
  }
}

function sameBranches(a: UnionType, b: UnionType, pairs: TypePairs): boolean {
  return pairs.descend(() => everyPair(a.branches, b.branches, (x, y) => same(x, y, pairs)));
}

function sameRecord(a: RecordType, b: RecordType, pairs: TypePairs): boolean {
  if (a.name.full !== b.name.full) return false;
  if (!pairs.enter(a, b)) return true;
  return pairs.descend(() => everyPair(a.fields, b.fields, (x, y) => sameField(x, y, pairs)));
}

function sameField(a: RecordField, b: RecordField, pairs: TypePairs): boolean {
  return (
    a.name === b.name &&
    a.order === b.order &&
    comparable(a.default) === comparable(b.default) &&
    sameProperties(a.properties, b.properties) &&
    same(a.type, b.type, pairs)
  );
}

function sameProperties(a: Properties, b: Properties): boolean {
  if (a.size !== b.size) return false;
  for (const [name, value] of a) if (comparable(value) !== comparable(b.get(name))) return false;
  return true;
}

function comparable(node: JsonNode | undefined): string | undefined {
  return node && printJson(sortedMembers(node), (text) => text);
}

/** Whether two lists have the same length and `test` holds for each two at the same place. */
export function everyPair<T>(a: readonly T[], b: readonly T[], test: (x: T, y: T) => boolean): boolean {
  return a.length === b.length && a.every((x, index) => test(x, b[index] as T));
}
