import { type DynamicModule, Module } from '@nestjs/common';
import { OperationsModule } from '#libs/foundation/http';
import type { HealthChecks, Metrics } from '#libs/foundation/observability';
import { AssociationBatchesController } from './http/association-batches.controller.ts';
import { AssociationsController } from './http/associations.controller.ts';
import { CompatibilityController } from './http/compatibility.controller.ts';
import { ConfigController } from './http/config.controller.ts';
import { ContextsController } from './http/contexts.controller.ts';
import { DekRegistryController } from './http/dek-registry.controller.ts';
import { ExplainController } from './http/explain.controller.ts';
import { ExportersController } from './http/exporters.controller.ts';
import { ImmutableReadsController } from './http/immutable-reads.controller.ts';
import { MetadataController } from './http/metadata.controller.ts';
import { ModeController } from './http/mode.controller.ts';
import { PlansController } from './http/plans.controller.ts';
import { RootController } from './http/root.controller.ts';
import { SchemasController } from './http/schemas.controller.ts';
import { SERVICES, type Services } from './http/services.ts';
import { SubjectsController } from './http/subjects.controller.ts';
import { VersionsController } from './http/versions.controller.ts';
import { zConfluentError } from './wire/confluent-error.ts';
import { ANSWER_TYPES } from './wire/media-types.ts';

export interface SchemaRegistryModuleOptions {
  readonly services: Services;
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  readonly version: string;
}

const CONTROLLERS = [
  SubjectsController,
  VersionsController,
  SchemasController,
  ImmutableReadsController,
  CompatibilityController,
  ExplainController,
  ConfigController,
  ModeController,
  ContextsController,
  AssociationsController,
  AssociationBatchesController,
  MetadataController,
  DekRegistryController,
  ExportersController,
  PlansController,
  RootController,
];

/** The HTTP API of the schema registry. */
@Module({})
export class SchemaRegistryModule {
  static forRoot({ services, health, metrics, version }: SchemaRegistryModuleOptions): DynamicModule {
    const info = { title: 'Tidemark schema registry', version };
    const [mediaType] = ANSWER_TYPES;
    const dialect = { error: zConfluentError, errorMediaType: mediaType, requestMediaType: mediaType };
    return {
      module: SchemaRegistryModule,
      imports: [OperationsModule.forRoot({ health, metrics, info, dialect })],
      controllers: CONTROLLERS,
      providers: [{ provide: SERVICES, useValue: services }],
    };
  }
}
