import { type JsonNode, parseJson, stringMember } from '#libs/formats/json-text';
import { type Dependency, SCHEMA_LIMITS, type SchemaLimits } from '#libs/formats/schema';
import { checkKeywords } from './check-keywords.ts';
import { DEFAULT_DRAFT, draftOf, isSince } from './draft.ts';
import type { JsonSchema } from './json-schema.ts';
import { resolveReference } from './resolve-reference.ts';
import { type Place, SchemaIndex } from './schema-index.ts';
import { subschemas } from './subschemas.ts';
import { NO_BASE, resolveUri } from './uri.ts';

const REFERENCE_KEYWORDS = ['$ref', '$recursiveRef', '$dynamicRef'] as const;

/**
 * Reads a JSON Schema with the schemas that it refers to, of drafts 4, 6, 7, 2019-09 and 2020-12 by `$schema` (7 without).
 * Checks the keywords of every schema that a value can meet and resolves their references; definitions that nothing uses
 * are not looked at, as in the libraries that other registries use. A dependency is found by its name, absolute or
 * relative to the schema's `$id`, and by its own `$id`.
 * Throws SCHEMA_INVALID naming the place, SCHEMA_TOO_COMPLEX beyond `limits`.
 */
export function parseJsonSchema(
  text: string,
  dependencies: readonly Dependency[],
  limits: SchemaLimits = SCHEMA_LIMITS,
): JsonSchema {
  const root = parseJson(text, limits);
  const draft = draftOf(root);
  const index = new SchemaIndex(limits.nodesMax);
  index.add(root, undefined, draft);
  const base = index.place(root)?.base ?? NO_BASE;
  const names = new Map<JsonNode, string>();
  for (const { name, text } of dependencies) {
    const node = parseJson(text, limits);
    names.set(node, name);
    index.add(node, resolveUri(name, base), DEFAULT_DRAFT);
    index.add(node, name, DEFAULT_DRAFT);
  }
  const targets = reach(root, index, { base, draft, document: root });
  return {
    root,
    draft,
    dependencies,
    target: (node) => targets.get(node),
    draftAt: (node) => index.place(node)?.draft ?? draft,
    documentOf: (node) => index.place(node)?.document ?? root,
    isSchema: (node) => index.place(node) !== undefined,
    dependencyName: (document) => names.get(document),
  };
}

/** Checks every schema that a value can meet, and resolves what they refer to. Iterative: references may form long chains. */
function reach(root: JsonNode, index: SchemaIndex, top: Place): Map<JsonNode, JsonNode> {
  const targets = new Map<JsonNode, JsonNode>();
  const seen = new Set<JsonNode>([root]);
  const waiting: { readonly node: JsonNode; readonly at: string; readonly outer: Place }[] = [
    { node: root, at: '#', outer: top },
  ];
  const add = (node: JsonNode, at: string, outer: Place): void => {
    if (node.kind === 'object' && seen.has(node)) return;
    seen.add(node);
    waiting.push({ node, at, outer });
  };
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, at, outer } = next;
    const place = index.place(node) ?? outer;
    const reference = referenceOf(node);
    const hidesSiblings = reference?.keyword === '$ref' && !isSince(place.draft, '2019-09');
    if (!hidesSiblings) {
      checkKeywords(node, place.draft, at);
      for (const each of subschemas(node, place.draft)) add(each.node, `${at}${each.pointer}`, place);
    }
    if (reference !== undefined) {
      const target = resolveReference(reference.text, place, index, `${at}/${reference.keyword}`);
      targets.set(node, target);
      add(target, reference.text.startsWith('#') ? reference.text : `${reference.text}#`, index.place(target) ?? place);
    }
  }
  return targets;
}

function referenceOf(node: JsonNode): { readonly keyword: string; readonly text: string } | undefined {
  for (const keyword of REFERENCE_KEYWORDS) {
    const text = stringMember(node, keyword);
    if (text !== undefined) return { keyword, text };
  }
  return undefined;
}
