/** What a caller may do: viewers read, operators run the platform, admins also change what cannot be undone. */
export type Role = 'viewer' | 'operator' | 'admin';

export const ROLES = ['viewer', 'operator', 'admin'] as const satisfies readonly Role[];

/** Whether a role includes what another one may do. */
export function roleAllows(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed);
}
