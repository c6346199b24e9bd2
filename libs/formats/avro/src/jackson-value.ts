import type { JsonNode } from '#libs/formats/json-text';
import { javaDouble } from './java-double.ts';

/**
 * A JSON value as Jackson's default mapper keeps it, which is what Java prints again: whole numbers exactly, others as doubles
 * (an infinite one is printed as a string).
 */
export function jacksonValue(node: JsonNode): JsonNode {
  if (node.kind === 'number') return jacksonNumber(node.text);
  if (node.kind === 'array') return { kind: 'array', items: node.items.map(jacksonValue) };
  if (node.kind === 'object') {
    return { kind: 'object', members: node.members.map(({ name, value }) => ({ name, value: jacksonValue(value) })) };
  }
  return node;
}

/** A double as Jackson prints it: as a number where JSON has one. */
export function doubleValue(value: number): JsonNode {
  if (Number.isFinite(value)) return { kind: 'number', text: javaDouble(value) };
  return { kind: 'string', value: String(value) };
}

/** Whether the text of a number has no fraction and no exponent: Jackson's `isIntegralNumber`. */
export function isWhole(text: string): boolean {
  return !/[.eE]/.test(text);
}

function jacksonNumber(text: string): JsonNode {
  if (!isWhole(text)) return doubleValue(Number(text));
  return { kind: 'number', text: text === '-0' ? '0' : text };
}
