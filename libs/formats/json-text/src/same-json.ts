import type { JsonNode } from './json-node.ts';
import { printJson } from './print-json.ts';

/** Whether two values are the same JSON value: members in any order, numbers by their value and not by how they are written. */
export function sameJson(a: JsonNode, b: JsonNode): boolean {
  return jsonKey(a) === jsonKey(b);
}

/** A text that is the same for the same JSON values: to find equal ones in a set. It is not JSON. */
export function jsonKey(node: JsonNode): string {
  return printJson(sortedMembers(node), plainDigits);
}

/** The value with the members of every object sorted by UTF-16 code unit, as Java sorts strings; arrays keep their order. */
export function sortedMembers(node: JsonNode): JsonNode {
  if (node.kind === 'array') return { kind: 'array', items: node.items.map(sortedMembers) };
  if (node.kind !== 'object') return node;
  const members = node.members.map(({ name, value }) => ({ name, value: sortedMembers(value) }));
  members.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { kind: 'object', members };
}

/** Digits without leading or trailing zeros and a power of ten: equal for equal numbers. */
function plainDigits(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}E${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
