import { z } from 'zod';
import { clientSettings, type Environment } from '#libs/foundation/config';
import { authorizationOf, checkedUrl } from '../access/credentials.ts';
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
