import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, throwError, timeout } from 'rxjs';
import { assert, TidemarkError } from '#libs/foundation/kernel';
import { ANONYMOUS } from './auth/actor.ts';
import { checkRequest, type RequestRefusal } from './check-request.ts';
import { type EndpointSpec, endpointSpecOf, mediaTypeOf } from './endpoint.ts';
import type { EndpointInput } from './endpoint-input.ts';
import { requestInvalid } from './field-problems.ts';
import { acceptedType } from './media-types.ts';
import { requestFingerprint } from './request-fingerprint.ts';
import type { RequestDrain } from './request-drain.ts';
import { pathOf, type RequestState, requestStateOf } from './request-state.ts';

const IDEMPOTENCY_KEY = /^[\u0021-\u007e]{1,255}$/;

/** Checks the request against its spec before the handler runs, and limits how long the handler may take. */
export class EndpointInterceptor implements NestInterceptor {
  readonly #timeoutMs: number;
  readonly #drain: RequestDrain;
  readonly #refuse: RequestRefusal | undefined;

  constructor(timeoutMs: number, drain: RequestDrain, refuse?: RequestRefusal) {
    this.#timeoutMs = timeoutMs;
    this.#drain = drain;
    this.#refuse = refuse;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const spec = endpointSpecOf(context.getHandler());
    if (spec === undefined) return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const state = requestStateOf(request);
    assert(state !== undefined, 'a request reaches its handler only through the first hook');
    if (spec.mediaTypes !== undefined) state.contentType = acceptedType(request.headers.accept, spec.mediaTypes);
    state.input = inputOf(spec, state, request, reply, this.#refuse);
    if (spec.response !== undefined || spec.stream === true) void reply.type(contentType(mediaTypeOf(spec)));
    if (spec.stream === true) {
      void reply.header('cache-control', 'no-cache');
      this.#drain.watchStream(state.abort);
      return next.handle();
    }
    return next
      .handle()
      .pipe(timeout({ first: this.#timeoutMs, with: () => throwError(() => this.#tooLate(state.abort)) }));
  }

  #tooLate(abort: AbortController): TidemarkError {
    const error = new TidemarkError('REQUEST_TIMEOUT', `The request was not answered within ${this.#timeoutMs} ms.`);
    abort.abort(error);
    return error;
  }
}

const contentType = (mediaType: string): string =>
  mediaType.includes('charset') ? mediaType : `${mediaType}; charset=utf-8`;

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.method === 'GET' || request.method === 'HEAD') return undefined;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  throw requestInvalid([{ field: 'header.idempotency-key', message: 'expected 1 to 255 visible ASCII characters' }]);
}

function inputOf(
  spec: EndpointSpec,
  state: RequestState,
  request: FastifyRequest,
  reply: FastifyReply,
  refuse: RequestRefusal | undefined,
): EndpointInput {
  const { params, query, body, headers } = request;
  const operation = `${request.method} ${pathOf(request.url)}`;
  return {
    ...checkRequest(spec, { params, query, body, headers }, refuse),
    url: request.originalUrl,
    actor: state.actor ?? ANONYMOUS,
    requestId: state.requestId,
    operation,
    idempotencyKey: idempotencyKeyOf(request),
    fingerprint: () => requestFingerprint(operation, query, body),
    onReplayed: () => void reply.header('idempotency-replayed', 'true'),
    signal: state.abort.signal,
    respond: {
      header: (name, value) => void reply.header(name, value),
      status: (code) => {
        state.status = code;
      },
    },
  };
}
