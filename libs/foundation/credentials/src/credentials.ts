import { z } from 'zod';
import { TidemarkError } from '#libs/foundation/kernel';
import { type Role, ROLES } from './role.ts';
import { isSecretHash } from './secret-hash.ts';

const zName = z
  .string()
  .regex(/^[A-Za-z0-9_@-][A-Za-z0-9_@+ -]{0,63}$/, 'expected 1 to 64 letters, digits, spaces or _@+-');
// Stands before the dot of a bearer token.
const zTokenName = z.string().regex(/^[\w-]{1,64}$/, 'expected 1 to 64 letters, digits or _-');
const zHash = z.string().refine(isSecretHash, 'expected a hash as `tidemark credentials add` writes it');
const zRole = z.enum(ROLES);

const zCredentials = z.strictObject({
  users: z
    .array(z.strictObject({ name: zName, password: zHash, role: zRole }))
    .max(10_000)
    .default([]),
  tokens: z
    .array(z.strictObject({ name: zTokenName, token: zHash, role: zRole }))
    .max(10_000)
    .default([]),
});

/** What a credentials file says, entry by entry. */
export type CredentialsText = z.output<typeof zCredentials>;

export interface Credential {
  readonly name: string;
  readonly hash: string;
  readonly role: Role;
}

/** Who may enter, by name: people with a password (Basic), programs with a token (Bearer). */
export interface Credentials {
  readonly basic: ReadonlyMap<string, Credential>;
  readonly bearer: ReadonlyMap<string, Credential>;
}

function byName(kind: string, entries: readonly Credential[], problems: string[]): Map<string, Credential> {
  const map = new Map<string, Credential>();
  for (const entry of entries) {
    if (map.has(entry.name)) problems.push(`${kind}: ${entry.name} is listed twice`);
    map.set(entry.name, entry);
  }
  return map;
}

/** Reads the text of a credentials file, which may list nobody yet. Throws CONFIG_INVALID as `parseCredentials` does. */
export function readCredentialsText(text: string, path: string): CredentialsText {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TidemarkError('CONFIG_INVALID', `${path} is not JSON`);
  }
  const parsed = zCredentials.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new TidemarkError('CONFIG_INVALID', `${path}: ${problems.join('; ')}`);
}

/**
 * The people and programs of a credentials file:
 * `{ "users": [{ "name", "password", "role" }], "tokens": [{ "name", "token", "role" }] }`, where `password` and `token`
 * are hashes of `hashSecret`. Throws CONFIG_INVALID with every problem; hashes are never part of the message.
 */
export function parseCredentials(text: string, path: string): Credentials {
  const { users, tokens } = readCredentialsText(text, path);
  const problems: string[] = [];
  const basic = byName(
    'users',
    users.map(({ name, password, role }) => ({ name, hash: password, role })),
    problems,
  );
  const bearer = byName(
    'tokens',
    tokens.map(({ name, token, role }) => ({ name, hash: token, role })),
    problems,
  );
  if (problems.length === 0 && basic.size + bearer.size === 0)
    problems.push('lists nobody, so that nobody could enter');
  if (problems.length > 0) throw new TidemarkError('CONFIG_INVALID', `${path}: ${problems.join('; ')}`);
  return { basic, bearer };
}
