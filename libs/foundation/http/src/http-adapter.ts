import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorRenderer } from './problem.ts';
import { refuseConnection, refuseUrl } from './refuse-connection.ts';
import type { RequestDrain } from './request-drain.ts';
import { pathOf } from './request-state.ts';

export interface HttpAdapterOptions {
  readonly bodyMaxBytes: number;
  readonly timeoutMs: number;
  readonly drainMs: number;
  readonly drain: RequestDrain;
  readonly render: ErrorRenderer;
  readonly generateId: () => string;
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
    super({
      logger: false,
      bodyLimit: options.bodyMaxBytes,
      // A client that sends its request too slowly must not hold a connection for ever.
      requestTimeout: options.timeoutMs,
      // Our first hook refuses requests while draining, in our own format.
      return503OnClosing: false,
      forceCloseConnections: 'idle',
      routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
      frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
        refuseUrl(
          error,
          reply.raw,
          { path: pathOf(request.raw.url ?? ''), requestId: options.generateId() },
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
