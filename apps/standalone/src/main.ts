import { boundHeap, countBuffers, runProgram } from '#libs/foundation/program';
import { MIGRATIONS } from '#migrations';
import { banner } from './banner.ts';
import { loadStandaloneConfig, standaloneConfig } from './config.ts';
import { SERVICES } from './services.ts';

boundHeap();
countBuffers();
await runProgram({
  schema: standaloneConfig,
  loadConfig: loadStandaloneConfig,
  services: SERVICES,
  migrations: MIGRATIONS,
  banner: (started, config) => banner(started, config.TIDEMARK_DATA),
});
