import type { AvroType, NamedType, RecordField, RecordType } from './avro-type.ts';
import { everyPair, sameType } from './same-type.ts';
import { TypePairs } from './type-pairs.ts';

/** `sameType`, and the docs, aliases and enum defaults are the same too: what a lookup of a schema asks for. */
export function sameDescribedType(a: AvroType, b: AvroType): boolean {
  return sameType(a, b) && sameDescriptions(a, b, new TypePairs());
}

/** Of two types that are the same otherwise. */
function sameDescriptions(a: AvroType, b: AvroType, pairs: TypePairs): boolean {
  if (a === b) return true;
  if (a.kind === 'union' && b.kind === 'union') {
    return pairs.descend(() => everyPair(a.branches, b.branches, (x, y) => sameDescriptions(x, y, pairs)));
  }
  if (a.kind === 'array' && b.kind === 'array') return pairs.descend(() => sameDescriptions(a.items, b.items, pairs));
  if (a.kind === 'map' && b.kind === 'map') return pairs.descend(() => sameDescriptions(a.values, b.values, pairs));
  if (a.kind === 'record' && b.kind === 'record') return sameRecords(a, b, pairs);
  if (a.kind === 'enum' && b.kind === 'enum') return a.default === b.default && sameNames(a, b);
  return a.kind !== 'fixed' || b.kind !== 'fixed' || sameNames(a, b);
}

function sameRecords(a: RecordType, b: RecordType, pairs: TypePairs): boolean {
  if (!sameNames(a, b)) return false;
  if (!pairs.enter(a, b)) return true;
  return pairs.descend(() => everyPair(a.fields, b.fields, (x, y) => sameFields(x, y, pairs)));
}

function sameFields(a: RecordField, b: RecordField, pairs: TypePairs): boolean {
  return a.doc === b.doc && sameSet(a.aliases, b.aliases) && sameDescriptions(a.type, b.type, pairs);
}

function sameNames(a: NamedType, b: NamedType): boolean {
  const full = ({ aliases }: NamedType): string[] => aliases.map((alias) => alias.full);
  return a.doc === b.doc && sameSet(full(a), full(b));
}

/** Aliases are sets in Java. */
function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const inA = new Set(a);
  return inA.size === new Set(b).size && b.every((each) => inA.has(each));
}
