import { isLoopback } from '#libs/foundation/config';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Actor } from './actor.ts';
import type { AuthenticationRequest, Authenticator } from './authenticator.ts';

const LOCAL: Actor = { name: 'local', role: 'admin', via: 'local' };

function hostName(host: string): string {
  return host.replace(/:\d+$/, '');
}

/**
 * Why a request that reached loopback may come from a web page in the user's browser rather than from the user:
 * a Host that is not this machine (DNS rebinding), or an Origin that is another site. Undefined when neither holds.
 */
export function browserAttack(headers: AuthenticationRequest['headers']): string | undefined {
  const { host, origin } = headers;
  if (typeof host === 'string' && !isLoopback(hostName(host))) return `the Host header names ${host}, not this machine`;
  if (typeof origin !== 'string') return undefined;
  const sameMachine = URL.canParse(origin) && isLoopback(new URL(origin).hostname);
  return sameMachine ? undefined : `the request comes from a page of ${origin}`;
}

/**
 * Without configured credentials everybody who reaches the service, which then listens on loopback only, is an admin.
 * Requests that a web page may have sent are refused with FORBIDDEN.
 */
export class LocalAuthenticator implements Authenticator {
  async authenticate(request: AuthenticationRequest): Promise<Actor> {
    const attack = browserAttack(request.headers);
    if (attack === undefined) return LOCAL;
    throw new TidemarkError('FORBIDDEN', `Refused without credentials: ${attack}.`, {
      remedy: 'Call the service by its loopback address, or configure TIDEMARK_CREDENTIALS_FILE and send credentials.',
    });
  }
}
