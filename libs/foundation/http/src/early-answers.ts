import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Role } from '#libs/foundation/credentials';
import type { AnsweredRequest } from './access-log.ts';
import { identify, requireRole } from './auth/authorize.ts';
import type { AuthenticationRequest, Authenticator } from './auth/authenticator.ts';
import type { RequestDrain } from './request-drain.ts';
import { requestIdOf } from './request-id.ts';

/** An answer that is finished: nothing has to be read, checked or serialised any more. */
export interface EarlyAnswer {
  readonly status: number;
  /** With the content type, without the content length. */
  readonly headers: Readonly<Record<string, string>>;
  /** One character per byte: Node sends such a text together with the headers in one write, a buffer in two. */
  readonly body: string | undefined;
  /** The pattern of the route that it stands for, in logs and metrics. */
  readonly route: string;
}

/** A place where finished answers of GET requests may be found, such as a cache of bodies that never change. */
export interface EarlyAnswers {
  /** The least role that may have them: that of the endpoints that they stand for. */
  readonly role: Role;
  /** Undefined: the endpoint has to make the answer. `url` is path and query as they were sent. */
  find(url: string, headers: AuthenticationRequest['headers']): EarlyAnswer | undefined;
}

export interface EarlyAnswerParts {
  readonly early: EarlyAnswers;
  readonly authenticator: Authenticator;
  readonly drain: RequestDrain;
  readonly generateId: () => string;
  readonly monotonicMs: () => number;
  readonly onAnswered: (request: AnsweredRequest) => void;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers requests whose answer is there already before the framework sees them, which costs it twice what sending a buffer
 * does. They are authenticated, given an id, logged and measured as all others; what is refused, or comes while the service
 * stops, goes the ordinary way and is refused there.
 */
export function answerEarly(server: Server, parts: EarlyAnswerParts): void {
  const ordinary = server.listeners('request') as Listener[];
  const goOn: Listener = (request, response) => {
    for (const listener of ordinary) listener.call(server, request, response);
  };
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const wanted = request.method === 'GET' && !parts.drain.draining;
    const answer = wanted ? parts.early.find(request.url ?? '/', request.headers) : undefined;
    if (answer === undefined) goOn(request, response);
    else void send(parts, request, response, answer, goOn);
  });
}

async function send(
  parts: EarlyAnswerParts,
  request: IncomingMessage,
  response: ServerResponse,
  answer: EarlyAnswer,
  goOn: Listener,
): Promise<void> {
  const startedAtMs = parts.monotonicMs();
  const { early, authenticator } = parts;
  let actor: string;
  try {
    const found = await identify(authenticator, { method: 'GET', headers: request.headers }, early.role);
    requireRole(found, early.role);
    actor = found.name;
  } catch {
    // Refused again on the ordinary way, where refusals become answers.
    goOn(request, response);
    return;
  }
  const { status, headers, body, route } = answer;
  const requestId = requestIdOf(request.headers['x-request-id'], parts.generateId);
  const length = body === undefined ? undefined : { 'content-length': body.length };
  response.writeHead(status, { ...headers, ...length, 'x-request-id': requestId });
  response.end(body, 'latin1');
  const durationMs = parts.monotonicMs() - startedAtMs;
  parts.onAnswered({ method: 'GET', route, status, durationMs, requestId, actor });
}
