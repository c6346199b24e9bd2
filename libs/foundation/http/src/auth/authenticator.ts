import type { Actor } from './actor.ts';

/** What an authenticator may look at. */
export interface AuthenticationRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Establishes who makes a request: the actor, or undefined when the credentials are missing or wrong. */
export interface Authenticator {
  authenticate(request: AuthenticationRequest): Promise<Actor | undefined>;
}
