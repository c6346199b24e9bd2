import type { Clock } from '#libs/foundation/kernel';
import type { Logger } from '#libs/foundation/observability';
import type { Authenticator } from './authenticator.ts';
import { FileAuthenticator } from './file-authenticator.ts';
import { LocalAuthenticator } from './local-authenticator.ts';

/** The authenticator that the configuration asks for. Throws CONFIG_INVALID when the credentials file cannot be used. */
export async function createAuthenticator(options: {
  readonly credentialsFile: string | undefined;
  readonly logger: Logger;
  readonly clock?: Clock;
}): Promise<Authenticator> {
  if (options.credentialsFile === undefined) return new LocalAuthenticator();
  return FileAuthenticator.open(options.credentialsFile, options.logger, options.clock);
}
