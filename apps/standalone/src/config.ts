import { z } from 'zod';
import { relayConfig } from '#apps/outbox-relay/src/config';
import { registryConfig } from '#apps/schema-registry/src/config';
import { checkBind, type Environment, loadConfig } from '#libs/foundation/config';
import { type ClusterConfig, loadClusters } from '#libs/movers/publisher';

/** The settings of all services together: those they share have one value for all. */
export const standaloneConfig = z.object({ ...relayConfig.shape, ...registryConfig.shape });

export type StandaloneConfig = z.output<typeof standaloneConfig> & {
  /** What TIDEMARK_CLUSTERS and TIDEMARK_CLUSTERS_FILE say. */
  readonly clusters: readonly ClusterConfig[];
};

/** Throws CONFIG_INVALID with everything that is wrong, for all services and in the clusters file at once. */
export function loadStandaloneConfig(environment: Environment): StandaloneConfig {
  const { clusters, problems, variables } = loadClusters(environment);
  const settings = loadConfig(standaloneConfig, environment, {
    alsoKnown: variables,
    problems,
    rules: [(config) => checkBind(config.TIDEMARK_BIND, config.TIDEMARK_CREDENTIALS_FILE)],
  });
  return { ...settings, clusters };
}
