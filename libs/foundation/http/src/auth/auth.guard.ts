import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { assert } from '#libs/foundation/kernel';
import { endpointSpecOf } from '../endpoint.ts';
import { requestStateOf } from '../request-state.ts';
import type { Authenticator } from './authenticator.ts';
import { identify, requireRole } from './authorize.ts';

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
    state.actor = await identify(this.#authenticator, request, needed);
    requireRole(state.actor, needed);
    return true;
  }
}
