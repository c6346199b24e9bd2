export type * from './registry.ts';
export { RegistryError } from './registry-error.ts';
export { type AssociationFilter, type AssociationGuard, NO_ASSOCIATIONS } from './deleting/association-guard.ts';
export { ASSOCIATION_GUARD } from './associations/association-guard.ts';
export type {
  Association,
  AssociationQuery,
  AssociationOp,
  Associations,
  ChangedAssociation,
  ChangedResource,
  ResourceRequest,
} from './associations/associations.ts';
export { PostgresAssociations } from './associations/postgres-associations.ts';
export {
  createSchemaRegistry,
  type PostgresSchemaRegistry,
  type SchemaChanges,
  type SchemaRegistryOptions,
} from './postgres-schema-registry.ts';
export { SCHEMA_FORMATS, SCHEMA_FORMATS_OF_7 } from './known-formats.ts';
export type { FormatParts, SchemaFormats } from './schema-formats.ts';
export { parseSubject, printSubject, type QualifiedSubject } from './names/qualified-subject.ts';
export { PostgresSchemaSource, type SourceSchema, type SourceVersion } from './reading/postgres-schema-source.ts';
export {
  PLAN_LIMITS,
  type PlanItem,
  type PlannedConfig,
  type PlannedItem,
  type PlannedReference,
  type PlanOutcome,
  type PlanRequest,
  type PlanResult,
  type SchemaPlans,
} from './planning/plan.ts';
