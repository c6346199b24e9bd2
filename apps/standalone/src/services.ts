import { RELAY_SERVICE } from '#apps/outbox-relay/src/relay-service';
import { REGISTRY_SERVICE } from '#apps/schema-registry/src/registry-service';
import type { Service } from '#libs/foundation/program';
import type { StandaloneConfig } from './config.ts';

/** All services, in the order in which they are started; the settings of each are part of `standaloneConfig`. */
export const SERVICES: readonly Service<StandaloneConfig>[] = [RELAY_SERVICE, REGISTRY_SERVICE];
