import type { FastifyInstance } from 'fastify';
import type { AnsweredRequest } from './access-log.ts';
import { type RequestDrain, shuttingDown } from './request-drain.ts';
import { requestIdOf } from './request-id.ts';
import { requestStateOf, setRequestState } from './request-state.ts';
import type { RouteTable } from './route-table.ts';

export interface RequestHooks {
  readonly drain: RequestDrain;
  readonly routes: RouteTable;
  readonly generateId: () => string;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly onAnswered: (request: AnsweredRequest) => void;
}

// Those who watch the shutdown need answers during it.
const SERVED_WHILE_DRAINING = new Set(['/health/live', '/health/ready', '/metrics']);

/** What happens around every request, whatever its route: its id, its measure, and refusal while the service stops. */
export function addRequestHooks(instance: FastifyInstance, hooks: RequestHooks): void {
  instance.addHook('onRoute', (route) => hooks.routes.add(route.method, route.url));

  instance.addHook('onRequest', (request, reply, done) => {
    const requestId = requestIdOf(request.headers['x-request-id'], hooks.generateId);
    const abort = new AbortController();
    setRequestState(request, { requestId, startedAtMs: hooks.monotonicMs(), abort });
    void reply.header('x-request-id', requestId);
    // Also when the answer is complete: nothing that belongs to the request outlives it.
    reply.raw.once('close', () => abort.abort());
    const refused = hooks.drain.draining && !SERVED_WHILE_DRAINING.has(request.routeOptions.url ?? '');
    done(refused ? shuttingDown() : undefined);
  });

  instance.addHook('onSend', (request, reply, payload, done) => {
    const { status, contentType } = requestStateOf(request) ?? {};
    // Fastify appends a charset, which JSON media types do not have.
    if (contentType !== undefined && payload !== undefined && payload !== null) void reply.type(contentType);
    // Nest sets the documented status after the handler has run, so that another one can only be set here.
    if (status !== undefined) void reply.code(status);
    if (hooks.drain.draining) void reply.header('connection', 'close');
    done();
  });

  instance.addHook('onResponse', (request, reply, done) => {
    const state = requestStateOf(request);
    if (state !== undefined) {
      hooks.onAnswered({
        method: request.method,
        route: request.is404 ? undefined : request.routeOptions.url,
        status: reply.statusCode,
        durationMs: hooks.monotonicMs() - state.startedAtMs,
        requestId: state.requestId,
        actor: state.actor?.name,
      });
    }
    done();
  });
}
