import type { JsonNode } from '#libs/formats/json-text';
import { type SchemaTagging, taggedPlaces, type TagPlace, tagsAfter } from '#libs/formats/schema';
import type { AvroSchema } from '../avro-schema.ts';
import type { Properties, RecordField, RecordType } from '../avro-type.ts';
import { printType } from '../print-type.ts';
import { recordsOf } from '../records-of.ts';

const TAGS = 'confluent:tags';

type Part = RecordType | RecordField;

/**
 * Tags in the property `confluent:tags` of records and fields. A record's path is its full name, a field's that of its record
 * and its own name: `com.acme.Order.id`, wherever the record is defined. What referenced schemas define is found, but not
 * changed.
 */
export const avroTagging: SchemaTagging<AvroSchema> = {
  change(schema, add, remove, unknown) {
    const after = [...tagsAfter(placesOf(schema), add, remove, unknown)];
    const properties = new Map(after.map(([part, tags]) => [part, withTags(part.properties, tags)]));
    return printType(schema.root, new Set(schema.dependencyNames), properties);
  },
  find: (schema) => taggedPlaces(placesOf(schema)),
};

function* placesOf({ root, dependencyNames }: AvroSchema): Generator<TagPlace<Part>, void> {
  const referenced = new Set(dependencyNames);
  for (const { record } of recordsOf(root)) {
    const path = record.name.full;
    const foreign = referenced.has(path);
    yield { entity: { entityPath: path, entityType: 'sr_record' }, part: record, tags: tagsOf(record), foreign };
    for (const field of record.fields) {
      const entity = { entityPath: `${path}.${field.name}`, entityType: 'sr_field' } as const;
      yield { entity, part: field, tags: tagsOf(field), foreign };
    }
  }
}

function tagsOf({ properties }: Part): string[] {
  const tags = properties.get(TAGS);
  return tags?.kind === 'array' ? tags.items.flatMap((tag) => (tag.kind === 'string' ? [tag.value] : [])) : [];
}

/** A new property comes last, one that was there keeps its place. */
function withTags(properties: Properties, tags: readonly string[]): Properties {
  const changed = new Map(properties);
  const items = tags.map((value): JsonNode => ({ kind: 'string', value }));
  if (items.length === 0) changed.delete(TAGS);
  else changed.set(TAGS, { kind: 'array', items });
  return changed;
}
