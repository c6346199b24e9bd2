import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { HealthController } from './health.controller.ts';
import { MetricsController } from './metrics.controller.ts';
import { OpenApiController } from './open-api.controller.ts';
import { OPERATIONS_OPTIONS, type OperationsOptions } from './operations-options.ts';

/**
 * `/health/live`, `/health/ready`, `/metrics` and `/openapi.json`, which every app serves. All four are public, so that
 * probes, scrapers and clients need no credentials; none of them shows what is stored.
 */
@Module({})
export class OperationsModule {
  static forRoot(options: OperationsOptions): DynamicModule {
    return {
      module: OperationsModule,
      imports: [DiscoveryModule],
      controllers: [HealthController, MetricsController, OpenApiController],
      providers: [{ provide: OPERATIONS_OPTIONS, useValue: options }],
    };
  }
}
