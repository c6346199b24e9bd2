import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Authenticator, createHttpApp } from '#libs/foundation/http';
import { VERSION } from '#libs/foundation/kernel';
import type { HealthChecks, Logger, Metrics } from '#libs/foundation/observability';
import type { RegistryConfig } from './config.ts';
import type { Services } from './http/services.ts';
import { SchemaRegistryModule } from './schema-registry.module.ts';
import { confluentAnswer, refuseRequest, registryAnswer } from './wire/confluent-error.ts';
import { withEmptySubjectNamed, withoutContextPath } from './wire/context-path.ts';
import { BODY_TYPES } from './wire/media-types.ts';

export interface RegistryAppParts {
  readonly services: Services;
  readonly config: RegistryConfig;
  readonly authenticator: Authenticator;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: HealthChecks;
}

/** Subjects have no limit of their own; with escapes one may take most of what Node allows for a request line. */
const PARAM_LENGTH_MAX = 12_288;

/** The HTTP side of the registry in Confluent's dialect; it does not listen yet. */
export function createRegistryApp(parts: RegistryAppParts): Promise<NestFastifyApplication> {
  const { services, config, authenticator, logger, metrics, health } = parts;
  return createHttpApp(SchemaRegistryModule.forRoot({ services, health, metrics, version: VERSION }), {
    logger,
    authenticator,
    metrics,
    bodyMaxBytes: config.TIDEMARK_REGISTRY_BODY_MAX_BYTES,
    timeoutMs: config.TIDEMARK_HTTP_TIMEOUT_MS,
    drainMs: config.TIDEMARK_DRAIN_MS,
    jsonMediaTypes: BODY_TYPES,
    untypedIsJson: true,
    renderError: confluentAnswer,
    renderDomainError: registryAnswer(services.profile),
    refuseRequest,
    routing: {
      ignoreTrailingSlash: true,
      paramLengthMax: PARAM_LENGTH_MAX,
      rewriteUrl: (url, method) => withEmptySubjectNamed(withoutContextPath(url, method)),
      answerOptions: true,
    },
    earlyAnswers: services.reads,
  });
}
