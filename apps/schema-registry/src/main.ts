import { boundHeap, runProgram } from '#libs/foundation/program';
import { MIGRATIONS } from '#migrations';
import { loadRegistryConfig, registryConfig } from './config.ts';
import { REGISTRY_SERVICE } from './registry-service.ts';

boundHeap();
await runProgram({
  schema: registryConfig,
  loadConfig: loadRegistryConfig,
  services: [REGISTRY_SERVICE],
  migrations: MIGRATIONS,
});
