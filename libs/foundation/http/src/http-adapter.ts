import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorRenderer } from './problem.ts';
import { refuseConnection, refuseUrl } from './refuse-connection.ts';
import type { RequestDrain } from './request-drain.ts';
import { pathOf } from './request-state.ts';

/** How paths become routes; by default exactly as they are sent. */
export interface HttpRouting {
  /** `/a/` is `/a`. */
  readonly ignoreTrailingSlash?: boolean;
  /** Longest escaped value of a path parameter. Default 1,024. */
  readonly paramLengthMax?: number;
  /** The path and query that are routed in place of those that were sent. Must not throw. */
  readonly rewriteUrl?: (url: string, method: string) => string;
  /** OPTIONS of a known path is answered with its methods. Default: refused as any wrong method. */
  readonly answerOptions?: boolean;
}

export interface HttpAdapterOptions {
  readonly bodyMaxBytes: number;
  readonly timeoutMs: number;
  readonly drainMs: number;
  readonly drain: RequestDrain;
  readonly render: ErrorRenderer;
  readonly generateId: () => string;
  readonly routing: HttpRouting;
}

/** Names in paths (topics, subjects, groups) may be 249 characters of which each can be escaped as three. */
const PARAM_LENGTH_MAX = 1_024;

/**
 * Fastify with our limits. Stopping: from the first moment new requests are refused and streams end; requests in
 * progress get `drainMs`, then their connections are cut.
 */
export class HttpAdapter extends FastifyAdapter {
  readonly #drain: RequestDrain;
  readonly #drainMs: number;

  constructor(options: HttpAdapterOptions) {
    const { ignoreTrailingSlash = false, paramLengthMax = PARAM_LENGTH_MAX, rewriteUrl } = options.routing;
    super({
      logger: false,
      bodyLimit: options.bodyMaxBytes,
      // A client that sends its request too slowly must not hold a connection for ever.
      requestTimeout: options.timeoutMs,
      // Our first hook refuses requests while draining, in our own format.
      return503OnClosing: false,
      forceCloseConnections: 'idle',
      routerOptions: { maxParamLength: paramLengthMax, ignoreTrailingSlash },
      ...(rewriteUrl && {
        rewriteUrl: (request: IncomingMessage) => rewriteUrl(request.url ?? '/', request.method ?? 'GET'),
      }),
      frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
        refuseUrl(
          error,
          reply.raw,
          { path: pathOf(request.raw.url ?? ''), requestId: options.generateId(), accept: request.raw.headers.accept },
          options.render,
        );
      },
      clientErrorHandler: (error, socket) => refuseConnection(error, socket, options.generateId(), options.render),
    });
    this.#drain = options.drain;
    this.#drainMs = options.drainMs;
  }

  override beforeClose(): void {
    super.beforeClose();
    this.#drain.begin();
  }

  override async close(): Promise<void> {
    this.#drain.begin();
    const deadline = setTimeout(() => this.getInstance().server.closeAllConnections(), this.#drainMs);
    try {
      await super.close();
    } finally {
      clearTimeout(deadline);
    }
  }
}
