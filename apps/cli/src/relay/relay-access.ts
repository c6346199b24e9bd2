import { z } from 'zod';
import { clientSettings, type Environment } from '#libs/foundation/config';
import { redactUrls } from '#libs/foundation/kernel';
import { usageError } from '../command-error.ts';
import { ownSettings } from '../input/own-settings.ts';

export const clientConfig = z.object(clientSettings);

export interface RelayAccess {
  /** Without a slash at its end. */
  readonly url: string;
  /** The Authorization header, if credentials are given. */
  readonly authorization: string | undefined;
}

/**
 * Where the relay is and as whom to call it: options of the command line win over the environment, and a token over a
 * user. Throws CONFIG_INVALID for the environment, a usage error for the options.
 */
export function relayAccess(
  given: { readonly url?: string; readonly user?: string; readonly token?: string },
  environment: Environment,
): RelayAccess {
  const settings = ownSettings(clientConfig, environment);
  return {
    url: checkedUrl(given.url ?? settings.TIDEMARK_URL),
    authorization:
      authorizationOf(given.user, given.token) ?? authorizationOf(settings.TIDEMARK_USER, settings.TIDEMARK_TOKEN),
  };
}

function checkedUrl(text: string): string {
  const url = /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw usageError(`${redactUrls(text)} is no URL`, 'Use one such as http://127.0.0.1:8082.');
  if (url.username !== '')
    throw usageError(`${redactUrls(text)} carries credentials`, 'Give them with --user or --token instead.');
  return text.replace(/\/+$/, '');
}

function authorizationOf(user: string | undefined, token: string | undefined): string | undefined {
  if (token !== undefined) {
    if (!/^[^.\s]+\.\S+$/.test(token)) throw usageError('a token has the form name.secret');
    return `Bearer ${token}`;
  }
  if (user === undefined) return undefined;
  if (!/^[^:]+:./s.test(user)) throw usageError('a user is given as name:password');
  return `Basic ${Buffer.from(user, 'utf8').toString('base64')}`;
}
