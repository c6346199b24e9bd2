import { HttpSchemaSource, type RegistryRequestOptions, SchemaCache, type SchemaSource } from '#libs/codec';
import type { Database } from '#libs/foundation/postgres';
import { PostgresSchemaSource } from '#libs/stores/schemas';
import type { RelayConfig } from './config.ts';

/** A reader of a page waits for the registry no longer than this, twice. */
const REGISTRY_TIMEOUT_MS = 2_000;
const REGISTRY_ATTEMPTS = 2;

/** The schemas that payloads are read with: those of TIDEMARK_REGISTRY_URL where it is set, else of the relay's own database. */
export function schemaSource(config: RelayConfig, db: Database): SchemaSource {
  const url = config.TIDEMARK_REGISTRY_URL;
  if (url === undefined) return new SchemaCache().over(new PostgresSchemaSource(db));
  const credentials = credentialsOf(config);
  return new SchemaCache().over(
    new HttpSchemaSource({
      url,
      timeoutMs: REGISTRY_TIMEOUT_MS,
      attemptsMax: REGISTRY_ATTEMPTS,
      ...(credentials === undefined ? {} : { credentials }),
    }),
  );
}

/** A token wins over a user, as on the command line. */
function credentialsOf(config: RelayConfig): RegistryRequestOptions['credentials'] {
  const { TIDEMARK_REGISTRY_TOKEN: token, TIDEMARK_REGISTRY_USER: user } = config;
  if (token !== undefined) return { token };
  if (user === undefined) return undefined;
  const colon = user.indexOf(':');
  return { user: user.slice(0, colon), password: user.slice(colon + 1) };
}
