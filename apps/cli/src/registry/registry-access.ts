import { clientConfig } from '../relay/relay-access.ts';
import { authorizationOf, checkedUrl } from '../access/credentials.ts';
import { usageError } from '../command-error.ts';
import { ownSettings } from '../input/own-settings.ts';
import type { Environment } from '#libs/foundation/config';

export interface RegistryAccess {
  /** Without a slash at its end. */
  readonly url: string;
  /** The Authorization header, if credentials are given. */
  readonly authorization: string | undefined;
  /** Where a person says the URL, for errors: `--url (TIDEMARK_REGISTRY_URL)`. */
  readonly namedBy: string;
}

interface GivenAccess {
  readonly url?: string;
  readonly user?: string;
  readonly token?: string;
}

/** Where our registry is and as whom to call it. Options win over the environment, a token over a user. */
export function registryAccess(given: GivenAccess, environment: Environment): RegistryAccess {
  const settings = ownSettings(clientConfig, environment);
  return {
    url: checkedUrl(given.url ?? settings.TIDEMARK_REGISTRY_URL),
    authorization:
      authorizationOf(given.user, given.token) ??
      authorizationOf(settings.TIDEMARK_REGISTRY_USER, settings.TIDEMARK_REGISTRY_TOKEN),
    namedBy: '--url (TIDEMARK_REGISTRY_URL)',
  };
}

/** The registry to copy from. Its tokens are another system's, so they can have any form. */
export function sourceAccess(
  given: { readonly from: string; readonly fromUser?: string; readonly fromToken?: string },
  environment: Environment,
): RegistryAccess {
  const settings = ownSettings(clientConfig, environment);
  return {
    url: checkedUrl(given.from),
    authorization:
      foreignAuthorization(given.fromUser, given.fromToken) ??
      foreignAuthorization(settings.TIDEMARK_REGISTRY_FROM_USER, settings.TIDEMARK_REGISTRY_FROM_TOKEN),
    namedBy: '--from',
  };
}

function foreignAuthorization(user: string | undefined, token: string | undefined): string | undefined {
  if (token === undefined) return authorizationOf(user, undefined);
  if (!/^\S+$/.test(token)) throw usageError('a token has no spaces');
  return `Bearer ${token}`;
}
