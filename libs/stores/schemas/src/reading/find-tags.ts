import type { SchemaTags } from '../registry.ts';
import type { ParsedSchema, SchemaFormats } from '../schema-formats.ts';
import type { StoredSchema } from '../stored-schema.ts';

/** The places of a schema that carry one of the tags, with those of them that they carry; `*` means any tag. */
export function schemaTagsIn(
  formats: SchemaFormats,
  { type }: StoredSchema,
  parsed: ParsedSchema,
  wanted: readonly string[],
): SchemaTags[] {
  const all = formats[type].tagging?.find(parsed) ?? [];
  if (wanted.includes('*')) return all;
  return all
    .map(({ schemaEntity, tags }) => ({ schemaEntity, tags: tags.filter((tag) => wanted.includes(tag)) }))
    .filter(({ tags }) => tags.length > 0);
}
