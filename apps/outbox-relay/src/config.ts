import { z } from 'zod';
import {
  checkBind,
  databaseSettings,
  type Environment,
  httpSettings,
  integer,
  lifecycleSettings,
  loadConfig,
  logSettings,
  milliseconds,
  port,
  serviceUrl,
  tokenText,
  userText,
} from '#libs/foundation/config';
import { type ClusterConfig, clusterSettings, loadClusters } from '#libs/movers/publisher';
import { SEQUENCER_DEFAULTS } from '#libs/movers/sequencer';

/** Settings of the outbox relay, by their environment names. */
export const relayConfig = z.object({
  ...databaseSettings,
  ...httpSettings,
  ...lifecycleSettings,
  ...logSettings,
  TIDEMARK_RELAY_PORT: port(8082).describe('Port of the relay: topics, records, groups, the sequencer.'),
  TIDEMARK_SEQUENCER_LEASE_MS: milliseconds(SEQUENCER_DEFAULTS.leaseMs, { min: 500, max: 60_000 }).describe(
    'How long a leader may be silent before another instance takes over.',
  ),
  TIDEMARK_SEQUENCER_STEP_MESSAGES: integer({ min: 1, max: 50_000 })
    .default(SEQUENCER_DEFAULTS.messagesMax)
    .describe('Messages that one step sequences at most.'),
  TIDEMARK_SEQUENCER_POLL_MAX_MS: milliseconds(SEQUENCER_DEFAULTS.pollMaxMs, { min: 1, max: 10_000 }).describe(
    'Longest wait between two looks at an idle outbox.',
  ),
  TIDEMARK_RECORD_MAX_BYTES: integer({ min: 1_024, max: SEQUENCER_DEFAULTS.recordBytesMax })
    .default(SEQUENCER_DEFAULTS.recordBytesMax)
    .describe('A larger message gets a placeholder record, because no cluster would take it.')
    .meta({ type: 'bytes' }),
  TIDEMARK_MAINTENANCE_MS: milliseconds(30_000, { min: 100, max: 3_600_000 }).describe(
    'Interval of making partitions ahead and dropping those past their retention.',
  ),
  ...clusterSettings,
  TIDEMARK_REGISTRY_URL: serviceUrl
    .refine((text) => URL.canParse(text) && new URL(text).username === '', 'expected a URL without credentials')
    .optional()
    .describe('The schema registry by which values are shown decoded. When not set: the schemas of the own database.')
    .meta({ type: 'URL' }),
  TIDEMARK_REGISTRY_USER: userText.describe('name:password of the relay at that registry.').meta({ secret: true }),
  TIDEMARK_REGISTRY_TOKEN: tokenText
    .describe('Token of the relay at that registry, name.secret; wins over TIDEMARK_REGISTRY_USER.')
    .meta({ secret: true }),
});

export type RelayConfig = z.output<typeof relayConfig> & {
  /** What TIDEMARK_CLUSTERS and TIDEMARK_CLUSTERS_FILE say. */
  readonly clusters: readonly ClusterConfig[];
};

/**
 * Throws CONFIG_INVALID with everything that is wrong, in the clusters file too. `alsoKnown`: names of other programs in the
 * same environment.
 */
export function loadRelayConfig(environment: Environment, alsoKnown: Iterable<string> = []): RelayConfig {
  const { clusters, problems, variables } = loadClusters(environment);
  const settings = loadConfig(relayConfig, environment, {
    alsoKnown: [...alsoKnown, ...variables],
    problems,
    rules: [(config) => checkBind(config.TIDEMARK_BIND, config.TIDEMARK_CREDENTIALS_FILE)],
  });
  return { ...settings, clusters };
}
