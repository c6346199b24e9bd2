import { z } from 'zod';
import {
  checkBind,
  databaseSettings,
  type Environment,
  flag,
  httpSettings,
  integer,
  lifecycleSettings,
  loadConfig,
  logSettings,
  port,
} from '#libs/foundation/config';

const LEVELS = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const;

/** Settings of the schema registry, by their environment names. */
export const registryConfig = z.object({
  ...databaseSettings,
  ...httpSettings,
  ...lifecycleSettings,
  ...logSettings,
  TIDEMARK_REGISTRY_PORT: port(8081).describe('Port of the schema registry.'),
  TIDEMARK_REGISTRY_PROFILE: z
    .enum(['7', '8'])
    .default('8')
    .transform((text): 7 | 8 => (text === '7' ? 7 : 8))
    .describe('Whose shapes the answers have: Confluent 8.x, or 7.x for old clients that refuse new fields.'),
  TIDEMARK_REGISTRY_COMPATIBILITY: z
    .enum(LEVELS)
    .default('BACKWARD')
    .describe('The level of subjects for which, and for whose context, none is configured.'),
  TIDEMARK_REGISTRY_MODE_MUTABILITY: flag(true).describe('Whether modes can be changed through the API.'),
  TIDEMARK_REGISTRY_BODY_MAX_BYTES: integer({ min: 65_536, max: 268_435_456 })
    .default(8_388_608)
    .describe('Largest request body: a schema with its escapes.')
    .meta({ type: 'bytes' }),
  TIDEMARK_REGISTRY_CACHE_BYTES: integer({ min: 0, max: 17_179_869_184 })
    .default(67_108_864)
    .describe(
      'Memory for finished answers of reads by id and guid, and for schemas that other answers are made of; half each.',
    )
    .meta({ type: 'bytes' }),
});

export type RegistryConfig = z.output<typeof registryConfig>;

/** Throws CONFIG_INVALID with everything that is wrong. `alsoKnown`: names of other programs in the same environment. */
export function loadRegistryConfig(environment: Environment, alsoKnown: Iterable<string> = []): RegistryConfig {
  return loadConfig(registryConfig, environment, {
    alsoKnown,
    rules: [(config) => checkBind(config.TIDEMARK_BIND, config.TIDEMARK_CREDENTIALS_FILE)],
  });
}
