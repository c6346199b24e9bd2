import type { JsonNode } from './json-node.ts';

/** What `JSON.parse` returns. */
export type PlainJson = null | boolean | number | string | PlainJson[] | { [name: string]: PlainJson };

/**
 * The value as ordinary JavaScript. Loses on purpose what JavaScript cannot hold: digits of numbers beyond a double, the
 * difference of `1` and `1.0`, the place of integer-like names. A number beyond the range of doubles is ±Infinity.
 */
export function toPlain(node: JsonNode): PlainJson {
  switch (node.kind) {
    case 'null':
      return null;
    case 'number':
      return Number(node.text);
    case 'array':
      return node.items.map(toPlain);
    case 'object': {
      const plain: { [name: string]: PlainJson } = {};
      for (const { name, value } of node.members) {
        // An assignment to `__proto__` would change the prototype in place of adding a member.
        Object.defineProperty(plain, name, {
          value: toPlain(value),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      return plain;
    }
    default:
      return node.value;
  }
}

/** Ordinary JavaScript as a node; bigint becomes an integer, undefined members are left out. Throws on what JSON has no form for. */
export function fromPlain(value: unknown): JsonNode {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'bigint') return { kind: 'number', text: String(value) };
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', text: JSON.stringify(value) };
  if (Array.isArray(value)) return { kind: 'array', items: value.map(fromPlain) };
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return { kind: 'object', members: entries.map(([name, each]) => ({ name, value: fromPlain(each) })) };
  }
  throw new TypeError(`A ${typeof value} has no JSON form.`);
}
