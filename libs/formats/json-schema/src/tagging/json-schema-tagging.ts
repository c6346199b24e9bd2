import { type JsonMember, type JsonNode, type JsonObject, printJson } from '#libs/formats/json-text';
import { type SchemaTagging, taggedPlaces, tagsAfter } from '#libs/formats/schema';
import type { JsonSchema } from '../json-schema.ts';
import { placesOf, TAGS } from './tag-places.ts';

/**
 * Tags in the member `confluent:tags` of the schemas of objects (records) and of properties (fields), with the paths of
 * Confluent's registry: `object.customer.object.email`, `object.lines.array.object`, `object.definitions.Card.object.number`.
 */
export const jsonSchemaTagging: SchemaTagging<JsonSchema> = {
  change: (schema, add, remove, unknown) =>
    printJson(replaceTags(schema.root, tagsAfter(placesOf(schema), add, remove, unknown))),
  find: (schema) => taggedPlaces(placesOf(schema)),
};

function replaceTags(node: JsonNode, tags: ReadonlyMap<JsonObject, readonly string[]>): JsonNode {
  if (node.kind === 'array') return { kind: 'array', items: node.items.map((item) => replaceTags(item, tags)) };
  if (node.kind !== 'object') return node;
  const members = node.members.map(({ name, value }) => ({ name, value: replaceTags(value, tags) }));
  const own = tags.get(node);
  return { kind: 'object', members: own === undefined ? members : withTags(members, own) };
}

/** A new member comes last, one that was there keeps its place. */
function withTags(members: readonly JsonMember[], tags: readonly string[]): readonly JsonMember[] {
  if (tags.length === 0) return members.filter(({ name }) => name !== TAGS);
  const value: JsonNode = { kind: 'array', items: tags.map((tag) => ({ kind: 'string', value: tag })) };
  const changed = members.map((each) => (each.name === TAGS ? { name: TAGS, value } : each));
  return members.some(({ name }) => name === TAGS) ? changed : [...changed, { name: TAGS, value }];
}
