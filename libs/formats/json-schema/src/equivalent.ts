import { type JsonNode, printJson } from '#libs/formats/json-text';
import { bundle } from './bundle.ts';
import type { JsonSchema } from './json-schema.ts';

/**
 * Whether two schemas are the same to a client that looks one up: the same text in the same order, also when one of them
 * holds inline, or bundled, what the other refers to in registered schemas.
 */
export function areEquivalent(a: JsonSchema, b: JsonSchema): boolean {
  return printJson(bundle(a)) === printJson(bundle(b)) || sameInlined(a.root, b.root, a, b, new Map());
}

function sameInlined(
  a: JsonNode,
  b: JsonNode,
  ofA: JsonSchema,
  ofB: JsonSchema,
  assumed: Map<JsonNode, Set<JsonNode>>,
): boolean {
  const left = inlined(a, ofA);
  const right = inlined(b, ofB);
  if (left.kind === 'array' && right.kind === 'array') {
    return (
      left.items.length === right.items.length &&
      left.items.every((each, index) => sameInlined(each, right.items[index]!, ofA, ofB, assumed))
    );
  }
  if (left.kind !== 'object' || right.kind !== 'object') return printJson(left) === printJson(right);
  // A schema may contain itself through its references: what is being compared already counts as the same.
  const partners = assumed.get(left) ?? new Set();
  if (partners.has(right)) return true;
  assumed.set(left, partners.add(right));
  return (
    left.members.length === right.members.length &&
    left.members.every(({ name, value }, index) => {
      const other = right.members[index]!;
      return name === other.name && sameInlined(value, other.value, ofA, ofB, assumed);
    })
  );
}

/** What stands in place of a schema that is nothing but a reference into another document. */
function inlined(node: JsonNode, schema: JsonSchema): JsonNode {
  let at = node;
  for (const met = new Set<JsonNode>(); !met.has(at);) {
    met.add(at);
    const target = schema.target(at);
    const isBare = at.kind === 'object' && at.members.length === 1;
    if (target === undefined || !isBare || schema.documentOf(target) === schema.root) return at;
    at = target;
  }
  return at;
}
