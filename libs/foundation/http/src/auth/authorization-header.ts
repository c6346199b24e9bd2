/** A name with the secret that shall prove it. */
export interface PresentedCredential {
  readonly kind: 'basic' | 'bearer';
  readonly name: string;
  readonly secret: string;
}

function split(kind: PresentedCredential['kind'], text: string, separator: string): PresentedCredential | undefined {
  const at = text.indexOf(separator);
  return at < 1 ? undefined : { kind, name: text.slice(0, at), secret: text.slice(at + 1) };
}

/**
 * Reads `Basic base64(name:password)` or `Bearer name.secret`; undefined for anything else. Tokens carry their name, so
 * that one hash is computed for a request however many tokens there are.
 */
export function parseAuthorization(header: string | undefined): PresentedCredential | undefined {
  const match = /^(basic|bearer) +([\w.~+/=@-]{1,2048})$/i.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  if (match[1]!.toLowerCase() === 'bearer') return split('bearer', match[2]!, '.');
  return split('basic', Buffer.from(match[2]!, 'base64').toString('utf8'), ':');
}
