import type { HealthChecks, Metrics } from '#libs/foundation/observability';
import type { OpenApiDialect, OpenApiInfo } from '../openapi/build-open-api.ts';

export interface OperationsOptions {
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  /** Title and version of the OpenAPI document. */
  readonly info: OpenApiInfo;
  /** For services with a foreign API. */
  readonly dialect?: OpenApiDialect;
}

export const OPERATIONS_OPTIONS = Symbol('OPERATIONS_OPTIONS');
