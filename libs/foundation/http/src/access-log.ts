import type { Logger, Metrics } from '#libs/foundation/observability';

/** A request that has been answered, or whose client has left. */
export interface AnsweredRequest {
  readonly method: string;
  /** The pattern of the route; undefined when none matched. */
  readonly route: string | undefined;
  readonly status: number;
  readonly durationMs: number;
  readonly requestId: string;
  readonly actor: string | undefined;
}

// Methods are chosen by the client; a fixed set keeps the number of time series bounded.
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** One debug line per request, and its duration by method, route pattern and status. */
export function createAccessLog(logger: Logger, metrics: Metrics | undefined): (request: AnsweredRequest) => void {
  const durations = metrics?.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labels: ['method', 'route', 'status'],
  });
  return (request) => {
    const { method, route, status, durationMs } = request;
    durations?.observe(
      { method: METHODS.has(method) ? method : 'other', route: route ?? 'unmatched', status: String(status) },
      durationMs / 1_000,
    );
    if (!logger.enabled('debug')) return;
    logger.debug('answered request', { ...request, durationMs: Math.round(durationMs * 10) / 10 });
  };
}
