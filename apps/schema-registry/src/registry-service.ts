import type { Service } from '#libs/foundation/program';
import type { RegistryConfig } from './config.ts';
import { startRegistry } from './start-registry.ts';

export const REGISTRY_SERVICE: Service<RegistryConfig> = {
  name: 'registry',
  offers: 'schemas, compatibility, for every Kafka client',
  start: startRegistry,
};
