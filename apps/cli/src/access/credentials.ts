import { redactUrls } from '#libs/foundation/kernel';
import { usageError } from '../command-error.ts';

/** The URL of a service without a slash at its end. Throws a usage error for what is none, and for one with credentials. */
export function checkedUrl(text: string): string {
  const url = /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw usageError(`${redactUrls(text)} is no URL`, 'Use one such as http://127.0.0.1:8082.');
  if (url.username !== '')
    throw usageError(`${redactUrls(text)} carries credentials`, 'Give them with --user or --token instead.');
  return text.replace(/\/+$/, '');
}

/** The Authorization header for a token, else for a user, else none. Throws a usage error for a wrong form. */
export function authorizationOf(user: string | undefined, token: string | undefined): string | undefined {
  if (token !== undefined) {
    if (!/^[^.\s]+\.\S+$/.test(token)) throw usageError('a token has the form name.secret');
    return `Bearer ${token}`;
  }
  if (user === undefined) return undefined;
  if (!/^[^:]+:./s.test(user)) throw usageError('a user is given as name:password');
  return `Basic ${Buffer.from(user, 'utf8').toString('base64')}`;
}
