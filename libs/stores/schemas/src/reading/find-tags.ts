import type { SchemaTags } from '#libs/formats/schema';
import type { ParsedSchema, SchemaFormats } from '../schema-formats.ts';
import type { StoredSchema } from '../stored-schema.ts';

/** The places of a schema that carry one of the tags, each with all that it carries, as Confluent answers; `*` means any tag. */
export function schemaTagsIn(
  formats: SchemaFormats,
  { type }: StoredSchema,
  parsed: ParsedSchema,
  wanted: readonly string[],
): SchemaTags[] {
  const all = formats[type].tagging?.find(parsed) ?? [];
  return wanted.includes('*') ? all : all.filter(({ tags }) => tags.some((tag) => wanted.includes(tag)));
}
