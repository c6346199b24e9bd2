import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { roleAllows } from '#libs/foundation/credentials';
import { assert, TidemarkError } from '#libs/foundation/kernel';
import { endpointSpecOf } from '../endpoint.ts';
import { requestStateOf } from '../request-state.ts';
import { ANONYMOUS } from './actor.ts';
import type { Authenticator } from './authenticator.ts';

/**
 * Lets a request through when its actor has the role of the endpoint. A handler without `@Endpoint` needs an admin, so
 * that forgetting the decorator opens nothing. Throws UNAUTHENTICATED or FORBIDDEN.
 */
export class AuthGuard implements CanActivate {
  readonly #authenticator: Authenticator;

  constructor(authenticator: Authenticator) {
    this.#authenticator = authenticator;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const needed = endpointSpecOf(context.getHandler())?.role ?? 'admin';
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const state = requestStateOf(request);
    assert(state !== undefined, 'a request reaches its guard only through the first hook');
    if (needed === 'public') {
      state.actor = ANONYMOUS;
      return true;
    }
    const actor = await this.#authenticator.authenticate({ method: request.method, headers: request.headers });
    if (actor === undefined) {
      const sent = request.headers.authorization !== undefined;
      throw new TidemarkError(
        'UNAUTHENTICATED',
        sent ? 'The credentials are not valid.' : 'The request carries no credentials.',
      );
    }
    state.actor = actor;
    if (roleAllows(actor.role, needed)) return true;
    throw new TidemarkError('FORBIDDEN', `${actor.name} has the role ${actor.role}; this needs the role ${needed}.`, {
      context: { role: actor.role, neededRole: needed },
    });
  }
}
