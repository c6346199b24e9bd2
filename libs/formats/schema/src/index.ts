export { fingerprint, guidOf, type Identity } from './fingerprint.ts';
export type { Metadata } from './metadata.ts';
export type { Rule, RuleSet } from './rule-set.ts';
export type { SchemaFormat } from './schema-format.ts';
export { SCHEMA_LIMITS, type SchemaLimits } from './schema-limits.ts';
export type { Dependency, SchemaReference } from './schema-reference.ts';
export type { SchemaEntity, SchemaTagging, SchemaTags, UnknownPlaces } from './schema-tags.ts';
export { isSchemaType, SCHEMA_TYPES, type SchemaType } from './schema-type.ts';
export { taggedPlaces, type TagPlace, tagsAfter } from './tag-places.ts';
