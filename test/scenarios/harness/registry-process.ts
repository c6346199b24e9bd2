import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';

const COMPILE = new URL('./compile-decorators.ts', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('../../../apps/schema-registry/src/main.ts', import.meta.url));

/** The whole schema registry as people run it, in a process of its own. */
export class RegistryProcess extends Child {
  constructor(databaseUrl: string, settings: Readonly<Record<string, string>> = {}) {
    super(['--import', COMPILE, PROGRAM], {
      DATABASE_URL: databaseUrl,
      TIDEMARK_REGISTRY_PORT: '0',
      TIDEMARK_LOG_FORMAT: 'json',
      ...settings,
    });
  }

  /** Where it listens, once it says so. */
  async url(withinMs?: number): Promise<string> {
    const { url } = JSON.parse(await this.line('"registry started"', withinMs)) as { url: string };
    return url;
  }
}
