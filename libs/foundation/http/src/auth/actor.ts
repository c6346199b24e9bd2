import type { Role } from '#libs/foundation/credentials';

/** Who makes a request. Every write is recorded with it. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
  /** How the name was established; 'local' is anybody on loopback when no credentials are configured. */
  readonly via: 'local' | 'basic' | 'bearer' | 'anonymous';
}

/** The caller of a public endpoint, about whom nothing was asked. */
export const ANONYMOUS: Actor = { name: 'anonymous', role: 'viewer', via: 'anonymous' };
