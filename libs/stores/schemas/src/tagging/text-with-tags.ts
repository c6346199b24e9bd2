import type { SchemaTags, SchemaType } from '#libs/formats/schema';
import { refuseInvalid } from '../contents/refuse-invalid.ts';
import { invalidSchema, notPermitted } from '../refusals.ts';
import type { ParsedSchema, SchemaFormats } from '../schema-formats.ts';

/** Places and tags in one request. */
const TAGS_MAX = 10_000;
/** A surrogate without its partner, which no text in UTF-8 can hold. */
const HALF_CHARACTER = /\p{Surrogate}/u;

/**
 * The text of a schema with tags added to it and removed from it. Throws 42201 for a place that the schema does not have,
 * 42205 for a format whose texts have no place for tags.
 */
export function textWithTags(
  formats: SchemaFormats,
  type: SchemaType,
  parsed: ParsedSchema,
  add: readonly SchemaTags[],
  remove: readonly SchemaTags[],
): string {
  const { tagging } = formats[type];
  if (tagging === undefined) throw notPermitted(`Schemas of type ${type} cannot carry tags`);
  return refuseInvalid(type, () => tagging.change(parsed, add, remove, 'refuse'));
}

/** Checks the tags of a request. Throws 42201. */
export function checkTags(tags: readonly SchemaTags[] | null | undefined): readonly SchemaTags[] {
  if ((tags ?? []).length > TAGS_MAX) throw invalidSchema(`At most ${TAGS_MAX} places can be tagged at a time`);
  for (const { schemaEntity, tags: names } of tags ?? []) {
    const type: string | undefined = schemaEntity?.entityType;
    if (typeof schemaEntity?.entityPath !== 'string' || (type !== 'sr_record' && type !== 'sr_field')) {
      throw invalidSchema('A tag needs a schemaEntity with an entityPath and an entityType of sr_record or sr_field');
    }
    if (
      !Array.isArray(names) ||
      names.some((name) => typeof name !== 'string' || name === '' || HALF_CHARACTER.test(name))
    ) {
      throw invalidSchema(`The tags of ${schemaEntity.entityPath} need to be a list of names`);
    }
  }
  return tags ?? [];
}

/** The text with those tags of an earlier schema of the same format whose places it still has; undefined when there are none. */
export function textWithTagsOf(
  formats: SchemaFormats,
  type: SchemaType,
  parsed: ParsedSchema,
  earlier: ParsedSchema,
): string | undefined {
  const { tagging } = formats[type];
  const tags = tagging?.find(earlier) ?? [];
  return tags.length === 0 ? undefined : tagging?.change(parsed, tags, [], 'skip');
}
