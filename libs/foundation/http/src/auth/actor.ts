/** What a caller may do: viewers read, operators run the platform, admins also change what cannot be undone. */
export type Role = 'viewer' | 'operator' | 'admin';

export const ROLES = ['viewer', 'operator', 'admin'] as const satisfies readonly Role[];

/** Who makes a request. Every write is recorded with it. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
  /** How the name was established; 'local' is anybody on loopback when no credentials are configured. */
  readonly via: 'local' | 'basic' | 'bearer' | 'anonymous';
}

/** The caller of a public endpoint, about whom nothing was asked. */
export const ANONYMOUS: Actor = { name: 'anonymous', role: 'viewer', via: 'anonymous' };

/** Whether a role includes what another one may do. */
export function roleAllows(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed);
}
