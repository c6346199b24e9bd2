import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Logger, type Metrics, NestLogger } from '#libs/foundation/observability';
import { createAccessLog } from './access-log.ts';
import { AuthGuard } from './auth/auth.guard.ts';
import type { Authenticator } from './auth/authenticator.ts';
import type { RequestRefusal } from './check-request.ts';
import { answerEarly, type EarlyAnswers } from './early-answers.ts';
import { EndpointInterceptor } from './endpoint.interceptor.ts';
import { HttpAdapter, type HttpRouting } from './http-adapter.ts';
import { acceptJson } from './json-body.ts';
import { ProblemFilter } from './problem.filter.ts';
import { type DomainErrorRenderer, type ErrorRenderer, problemAnswer } from './problem.ts';
import { RequestDrain } from './request-drain.ts';
import { addRequestHooks } from './request-hooks.ts';
import { RouteTable } from './route-table.ts';

export interface HttpAppOptions {
  readonly logger: Logger;
  readonly authenticator: Authenticator;
  /** Where request durations are counted. Default: nowhere. */
  readonly metrics?: Metrics;
  /** Largest request body. Default 1 MiB. */
  readonly bodyMaxBytes?: number;
  /** Time for a request to arrive, and again for it to be answered; streams are exempt. Default 30,000. */
  readonly timeoutMs?: number;
  /** Time for requests in progress when the service stops. Default 10,000. */
  readonly drainMs?: number;
  /** Media types of JSON bodies. Default: application/json alone. */
  readonly jsonMediaTypes?: readonly string[];
  /** Whether a body without a media type is JSON. Default: it is refused. */
  readonly untypedIsJson?: boolean;
  /** How errors are written. Default: RFC 9457 problem documents. */
  readonly renderError?: ErrorRenderer;
  /** Answers for errors of the service's own domain. Default: they are defects. */
  readonly renderDomainError?: DomainErrorRenderer;
  /** What a request is told that does not fit its endpoint. Default: REQUEST_INVALID. */
  readonly refuseRequest?: RequestRefusal;
  readonly routing?: HttpRouting;
  /** Finished answers, given without a handler. Default: none. */
  readonly earlyAnswers?: EarlyAnswers;
  /** Ids for requests that bring none. Default: random UUIDs. */
  readonly generateId?: () => string;
}

/**
 * A NestJS application on Fastify whose every request is authenticated, checked against its `@Endpoint`, bounded in
 * bytes and time, logged, measured, and answered with a problem document when it fails. It neither listens nor handles
 * signals yet. `app.close()` refuses new requests at once and lets those in progress finish.
 */
export async function createHttpApp(
  rootModule: Type | DynamicModule,
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const { logger, authenticator } = options;
  const timeoutMs = options.timeoutMs ?? 30_000;
  const generateId = options.generateId ?? randomUUID;
  const render = options.renderError ?? problemAnswer;
  const routing = options.routing ?? {};
  const drain = new RequestDrain();
  const routes = new RouteTable();
  const bodyMaxBytes = options.bodyMaxBytes ?? 1_048_576;
  const adapter = new HttpAdapter({
    bodyMaxBytes,
    timeoutMs,
    drainMs: options.drainMs ?? 10_000,
    drain,
    render,
    generateId,
    routing,
  });
  const onAnswered = createAccessLog(logger, options.metrics);
  const monotonicMs = (): number => performance.now();
  addRequestHooks(adapter.getInstance(), { drain, routes, generateId, monotonicMs, onAnswered });
  const early = options.earlyAnswers;
  if (early !== undefined) {
    const { server } = adapter.getInstance();
    answerEarly(server, { early, authenticator, drain, generateId, monotonicMs, onAnswered });
  }
  acceptJson(adapter.getInstance(), options.jsonMediaTypes ?? ['application/json'], options.untypedIsJson);
  const app = await NestFactory.create<NestFastifyApplication>(rootModule, adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalGuards(new AuthGuard(authenticator));
  app.useGlobalInterceptors(new EndpointInterceptor(timeoutMs, drain, options.refuseRequest));
  const { renderDomainError } = options;
  app.useGlobalFilters(
    new ProblemFilter({ logger, routes, render, renderDomainError, answerOptions: routing.answerOptions }),
  );
  return app;
}
