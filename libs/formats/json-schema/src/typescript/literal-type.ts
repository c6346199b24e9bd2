import { type JsonNode, printString } from '#libs/formats/json-text';
import { EXACT_NUMBER } from './number-type.ts';

/** The type of exactly one value. */
export function literalType(node: JsonNode): string {
  switch (node.kind) {
    case 'string':
      return printString(node.value);
    case 'number': {
      const value = Number(node.text);
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) return EXACT_NUMBER;
      return Number.isFinite(value) ? String(value) : 'number';
    }
    case 'array':
      return `[${node.items.map(literalType).join(', ')}]`;
    case 'object':
      return node.members.length === 0
        ? '{ [name: string]: never }'
        : `{ ${node.members.map(({ name, value }) => `${propertyName(name)}: ${literalType(value)}`).join('; ')} }`;
    default:
      return node.kind === 'null' ? 'null' : String(node.value);
  }
}

/** A name as it is written in an object type. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : printString(name);
}

/** A union without repetitions and without what others swallow; `never` when empty. */
export function union(types: readonly string[]): string {
  const single = types.flatMap((type) => (type === EXACT_NUMBER ? ['number', 'bigint'] : [type]));
  const distinct = [...new Set(single)].filter((type) => type !== 'never');
  if (distinct.includes('unknown')) return 'unknown';
  return distinct.length === 0 ? 'never' : distinct.join(' | ');
}

/** An intersection without repetitions; `unknown` when empty. */
export function intersection(types: readonly string[]): string {
  const distinct = [...new Set(types)].filter((type) => type !== 'unknown');
  if (distinct.length === 0) return 'unknown';
  return distinct.length === 1 ? distinct[0]! : distinct.map(parenthesized).join(' & ');
}

/** A type that may stand before `[]` or `&`. */
export function parenthesized(type: string): string {
  return /^[A-Za-z0-9_$]+$/.test(type) || /^"(?:[^"\\]|\\.)*"$/.test(type) ? type : `(${type})`;
}
