import { z } from 'zod';
import { relayConfig } from '#apps/outbox-relay/src/config';
import { registryConfig } from '#apps/schema-registry/src/config';
import { checkBind, type Environment, loadConfig } from '#libs/foundation/config';

/** The settings of all services together: those they share have one value for all. */
export const standaloneConfig = z.object({ ...relayConfig.shape, ...registryConfig.shape });

export type StandaloneConfig = z.output<typeof standaloneConfig>;

/** Throws CONFIG_INVALID with everything that is wrong, for all services at once. */
export function loadStandaloneConfig(environment: Environment): StandaloneConfig {
  return loadConfig(standaloneConfig, environment, {
    rules: [(config) => checkBind(config.TIDEMARK_BIND, config.TIDEMARK_CREDENTIALS_FILE)],
  });
}
