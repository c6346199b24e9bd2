import { TidemarkError } from '#libs/foundation/kernel';
import { type CredentialsText, parseCredentials, readCredentialsText } from './credentials.ts';
import type { Role } from './role.ts';

/** An entry to be added to a credentials file. */
export interface NewCredential {
  /** A user has a password (Basic), a token stands for a program (Bearer). */
  readonly kind: 'user' | 'token';
  readonly name: string;
  /** From `hashSecret`. */
  readonly hash: string;
  readonly role: Role;
}

/**
 * The text of a credentials file with one more entry; `text` is undefined when there is no file yet. With `replace` an
 * entry of the same kind and name is replaced. Throws CONFIG_INVALID when the text is wrong, when the entry does not fit
 * the format, and when its name is taken.
 */
export function addCredential(
  text: string | undefined,
  entry: NewCredential,
  options: { readonly path: string; readonly replace?: boolean },
): string {
  const { path, replace = false } = options;
  const file: CredentialsText = text === undefined ? { users: [], tokens: [] } : readCredentialsText(text, path);
  const { kind, name, hash, role } = entry;
  const taken = (kind === 'user' ? file.users : file.tokens).some((existing) => existing.name === name);
  if (taken && !replace) {
    throw new TidemarkError('CONFIG_INVALID', `${path} has a ${kind} named ${name} already`, {
      remedy: 'Use another name, or replace the entry with --replace.',
    });
  }
  const next: CredentialsText =
    kind === 'user'
      ? { ...file, users: withEntry(file.users, { name, password: hash, role }) }
      : { ...file, tokens: withEntry(file.tokens, { name, token: hash, role }) };
  const changed = `${JSON.stringify(next, null, 2)}\n`;
  parseCredentials(changed, path);
  return changed;
}

/** In the place of the entry of that name, else at the end. */
function withEntry<T extends { readonly name: string }>(entries: readonly T[], entry: T): T[] {
  const at = entries.findIndex((existing) => existing.name === entry.name);
  return at < 0 ? [...entries, entry] : entries.toSpliced(at, 1, entry);
}
