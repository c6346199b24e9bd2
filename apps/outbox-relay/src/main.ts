import { countBuffers, runProgram } from '#libs/foundation/program';
import { MIGRATIONS } from '#migrations';
import { loadRelayConfig, relayConfig } from './config.ts';
import { RELAY_SERVICE } from './relay-service.ts';

countBuffers();
await runProgram({
  schema: relayConfig,
  loadConfig: loadRelayConfig,
  services: [RELAY_SERVICE],
  migrations: MIGRATIONS,
});
