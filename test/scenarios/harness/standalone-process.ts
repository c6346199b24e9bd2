import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';

const COMPILE = new URL('./compile-decorators.ts', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('../../../apps/standalone/src/main.ts', import.meta.url));

/** What `npm start` runs, on an embedded Postgres in a folder of its own. */
export class StandaloneProcess extends Child {
  constructor(dataFolder: string, settings: Readonly<Record<string, string>> = {}) {
    super(['--import', COMPILE, PROGRAM], {
      TIDEMARK_DATA: dataFolder,
      TIDEMARK_RELAY_PORT: '0',
      TIDEMARK_REGISTRY_PORT: '0',
      TIDEMARK_LOG_FORMAT: 'json',
      ...settings,
    });
  }

  /** Where the relay listens, once everything is up. A first start makes a database before. */
  async url(): Promise<string> {
    await this.line('"everything is up"', 60_000);
    const { url } = JSON.parse(await this.line('"relay started"')) as { url: string };
    return url;
  }
}
