import { loadRegistryConfig } from '#apps/schema-registry/src/config';
import { startRegistry } from '#apps/schema-registry/src/start-registry';
import { boundHeap } from '#libs/foundation/program';
import { createLogger } from '#libs/foundation/observability';

/*
 * A registry as it runs in production, on the database named by the first argument. Ends with its parent.
 */
boundHeap();
const [url, ...settings] = process.argv.slice(2);
const config = loadRegistryConfig({
  DATABASE_URL: url,
  TIDEMARK_REGISTRY_PORT: '0',
  ...Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string])),
});
const registry = await startRegistry(config, url!, createLogger({ level: 'error', format: 'json' }));
process.once('disconnect', () => void registry.stop(5_000).finally(() => process.exit(0)));
process.send!({ port: Number(new URL(registry.url).port) });
