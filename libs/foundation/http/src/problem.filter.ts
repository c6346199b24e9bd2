import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Logger } from '#libs/foundation/observability';
import { knownErrorOf } from './known-error.ts';
import type { DomainErrorRenderer, ErrorAnswer, ErrorRenderer, ProblemPlace } from './problem.ts';
import { pathOf, requestStateOf } from './request-state.ts';
import type { RouteTable } from './route-table.ts';

export interface ProblemFilterOptions {
  readonly logger: Logger;
  readonly routes: RouteTable;
  readonly render: ErrorRenderer;
  readonly renderDomainError?: DomainErrorRenderer;
  /** OPTIONS of a known path is answered with its methods instead of being refused. */
  readonly answerOptions?: boolean;
}

/**
 * The one place where errors become answers: of handlers, guards, Fastify, and for unknown routes. Defects are logged
 * with their cause and told without it.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #options: ProblemFilterOptions;

  constructor(options: ProblemFilterOptions) {
    this.#options = options;
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const state = requestStateOf(request);
    const { accept } = request.headers;
    const place = { path: pathOf(request.url), requestId: state?.requestId ?? 'unknown', accept };
    if (reply.sent || reply.raw.headersSent) {
      this.#log(knownErrorOf(exception), request, place.requestId);
      // Half an answer is on its way: breaking the connection is the only way left to say that it is not whole.
      reply.raw.destroy();
      return;
    }
    if (state !== undefined) {
      state.status = undefined;
      state.contentType = undefined;
    }
    const unmatched = exception instanceof NotFoundException && request.is404;
    const methods = unmatched ? this.#options.routes.methodsOf(place.path) : [];
    if (methods.length > 0) void reply.header('allow', methods.join(', '));
    if (methods.length > 0 && request.method === 'OPTIONS' && this.#options.answerOptions === true) {
      void reply.code(204).send();
      return;
    }
    const answer =
      this.#domainAnswer(exception, request, place) ??
      this.#answer(unmatched ? unmatchedError(request, methods) : knownErrorOf(exception), request, reply, place);
    if (state !== undefined) state.contentType = answer.contentType;
    void reply.code(answer.status).header('content-type', answer.contentType).send(JSON.stringify(answer.body));
  }

  #domainAnswer(exception: unknown, request: FastifyRequest, place: ProblemPlace): ErrorAnswer | undefined {
    const answer = this.#options.renderDomainError?.(exception, place);
    if (answer === undefined) return undefined;
    const { requestId } = place;
    const fields = { requestId, method: request.method, route: request.routeOptions.url, status: answer.status };
    if (answer.status >= 500) this.#options.logger.warn('failed a request', { ...fields, error: exception });
    else this.#options.logger.debug('refused a request', { ...fields, detail: (exception as Error).message });
    return answer;
  }

  #answer(error: TidemarkError, request: FastifyRequest, reply: FastifyReply, place: ProblemPlace): ErrorAnswer {
    this.#log(error, request, place.requestId);
    if (error.code === 'UNAUTHENTICATED') {
      void reply.header('www-authenticate', 'Basic realm="tidemark", charset="UTF-8", Bearer realm="tidemark"');
    }
    return this.#options.render(error, place);
  }

  #log(error: TidemarkError, request: FastifyRequest, requestId: string): void {
    const fields = { requestId, method: request.method, route: request.routeOptions.url };
    if (error.code === 'INTERNAL')
      this.#options.logger.error('failed a request by a defect', { ...fields, error: error.cause ?? error });
    else if (error.spec.status >= 500) this.#options.logger.warn('failed a request', { ...fields, error });
    else this.#options.logger.debug('refused a request', { ...fields, code: error.code, detail: error.message });
  }
}

function unmatchedError(request: FastifyRequest, methods: readonly string[]): TidemarkError {
  const path = pathOf(request.url);
  if (methods.length === 0)
    return new TidemarkError('ROUTE_UNKNOWN', `${request.method} ${path} is no route of this service.`);
  return new TidemarkError(
    'METHOD_NOT_ALLOWED',
    `${path} does not take ${request.method}, only ${methods.join(', ')}.`,
  );
}
