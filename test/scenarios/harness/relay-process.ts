import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';

const COMPILE = new URL('./compile-decorators.ts', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('../../../apps/outbox-relay/src/main.ts', import.meta.url));

/** The whole relay as people run it, in a process of its own. Starts in about a second. */
export class RelayProcess extends Child {
  constructor(databaseUrl: string, settings: Readonly<Record<string, string>> = {}) {
    super(
      ['--import', COMPILE, PROGRAM],
      {
        DATABASE_URL: databaseUrl,
        TIDEMARK_RELAY_PORT: '0',
        TIDEMARK_LOG_FORMAT: 'json',
        ...settings,
      },
      // One for each step, which would push out everything else.
      (line) => !(line.includes('"level":"debug"') && line.includes('"part":"sequencer"')),
    );
  }

  /** Where it listens, once it says so and finds itself ready. */
  async url(): Promise<string> {
    const { url } = JSON.parse(await this.line('"relay started"')) as { url: string };
    const answer = await fetch(`${url}/health/ready`);
    if (!answer.ok) throw new Error(`the relay is not ready: ${answer.status} ${await answer.text()}`);
    return url;
  }
}
