import type { HealthChecks, Metrics } from '#libs/foundation/observability';
import type { OpenApiInfo } from '../openapi/build-open-api.ts';

export interface OperationsOptions {
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  /** Title and version of the OpenAPI document. */
  readonly info: OpenApiInfo;
}

export const OPERATIONS_OPTIONS = Symbol('OPERATIONS_OPTIONS');
