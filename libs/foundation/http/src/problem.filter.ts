import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Logger } from '#libs/foundation/observability';
import { knownErrorOf } from './known-error.ts';
import type { ErrorRenderer } from './problem.ts';
import { pathOf, requestStateOf } from './request-state.ts';
import type { RouteTable } from './route-table.ts';

/**
 * The one place where errors become answers: of handlers, guards, Fastify, and for unknown routes. Defects are logged
 * with their cause and told without it.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;
  readonly #routes: RouteTable;
  readonly #render: ErrorRenderer;

  constructor(logger: Logger, routes: RouteTable, render: ErrorRenderer) {
    this.#logger = logger;
    this.#routes = routes;
    this.#render = render;
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const state = requestStateOf(request);
    const place = { path: pathOf(request.url), requestId: state?.requestId ?? 'unknown' };
    const unmatched = exception instanceof NotFoundException && request.is404;
    const error = unmatched ? this.#unmatched(request, reply) : knownErrorOf(exception);
    this.#log(error, request, place.requestId);
    if (reply.sent || reply.raw.headersSent) {
      // Half an answer is on its way: breaking the connection is the only way left to say that it is not whole.
      reply.raw.destroy();
      return;
    }
    if (state !== undefined) state.status = undefined;
    if (error.code === 'UNAUTHENTICATED') {
      void reply.header('www-authenticate', 'Basic realm="tidemark", charset="UTF-8", Bearer realm="tidemark"');
    }
    const answer = this.#render(error, place);
    void reply.code(answer.status).header('content-type', answer.contentType).send(JSON.stringify(answer.body));
  }

  #unmatched(request: FastifyRequest, reply: FastifyReply): TidemarkError {
    const path = pathOf(request.url);
    const methods = this.#routes.methodsOf(path);
    if (methods.length === 0)
      return new TidemarkError('ROUTE_UNKNOWN', `${request.method} ${path} is no route of this service.`);
    void reply.header('allow', methods.join(', '));
    return new TidemarkError(
      'METHOD_NOT_ALLOWED',
      `${path} does not take ${request.method}, only ${methods.join(', ')}.`,
    );
  }

  #log(error: TidemarkError, request: FastifyRequest, requestId: string): void {
    const fields = { requestId, method: request.method, route: request.routeOptions.url };
    if (error.code === 'INTERNAL')
      this.#logger.error('failed a request by a defect', { ...fields, error: error.cause ?? error });
    else if (error.spec.status >= 500) this.#logger.warn('failed a request', { ...fields, error });
    else this.#logger.debug('refused a request', { ...fields, code: error.code, detail: error.message });
  }
}
