export type * from './registry.ts';
export { RegistryError } from './registry-error.ts';
export { type AssociationGuard, NO_ASSOCIATIONS } from './deleting/association-guard.ts';
export { PostgresSchemaRegistry, type SchemaRegistryOptions } from './postgres-schema-registry.ts';
export type { FormatParts, SchemaFormats, SchemaTagging } from './schema-formats.ts';
