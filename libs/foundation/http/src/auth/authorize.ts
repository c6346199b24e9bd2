import { type Role, roleAllows } from '#libs/foundation/credentials';
import { TidemarkError } from '#libs/foundation/kernel';
import { type Actor, ANONYMOUS } from './actor.ts';
import type { AuthenticationRequest, Authenticator } from './authenticator.ts';

/** Who makes a request that needs a role. Throws UNAUTHENTICATED; whether the role is enough is `requireRole`'s to say. */
export async function identify(
  authenticator: Authenticator,
  request: AuthenticationRequest,
  needed: Role | 'public',
): Promise<Actor> {
  if (needed === 'public') return ANONYMOUS;
  const actor = await authenticator.authenticate({ method: request.method, headers: request.headers });
  if (actor !== undefined) return actor;
  const sent = request.headers['authorization'] !== undefined;
  throw new TidemarkError(
    'UNAUTHENTICATED',
    sent ? 'The credentials are not valid.' : 'The request carries no credentials.',
  );
}

/** Throws FORBIDDEN when the actor has not the role. */
export function requireRole(actor: Actor, needed: Role | 'public'): void {
  if (needed === 'public' || roleAllows(actor.role, needed)) return;
  throw new TidemarkError('FORBIDDEN', `${actor.name} has the role ${actor.role}; this needs the role ${needed}.`, {
    context: { role: actor.role, neededRole: needed },
  });
}
