import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '#libs/foundation/credentials';
import { identify, requireRole } from './auth/authorize.ts';
import type { AuthenticationRequest, Authenticator } from './auth/authenticator.ts';
import { requestStateOf } from './request-state.ts';

/** An answer that is finished: nothing has to be read, checked or serialised any more. */
export interface EarlyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** A place where finished answers of GET requests may be found, such as a cache of bodies that never change. */
export interface EarlyAnswers {
  /** The least role that may have them: that of the endpoints that they stand for. */
  readonly role: Role;
  /** Undefined: the endpoint has to make the answer. `url` is path and query as the router sees them. */
  find(url: string, headers: AuthenticationRequest['headers']): EarlyAnswer | undefined;
}

/**
 * Answers requests whose answer is there already before NestJS sees them, which costs it many times what sending a buffer
 * does. Such requests are authenticated, given an id, logged and measured as all others.
 */
export function addEarlyAnswers(instance: FastifyInstance, early: EarlyAnswers, authenticator: Authenticator): void {
  const send = async (request: FastifyRequest, reply: FastifyReply, answer: EarlyAnswer): Promise<void> => {
    const actor = await identify(authenticator, request, early.role);
    const state = requestStateOf(request);
    if (state !== undefined) state.actor = actor;
    requireRole(actor, early.role);
    void reply.code(answer.status).headers(answer.headers).send(answer.body);
  };
  instance.addHook('onRequest', (request, reply, done) => {
    const answer = request.method === 'GET' ? early.find(request.url, request.headers) : undefined;
    if (answer === undefined) done();
    else send(request, reply, answer).catch((error: unknown) => void reply.send(error));
  });
}
