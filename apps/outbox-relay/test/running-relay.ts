import { silentLogger } from '#libs/foundation/observability';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { readSequencerStatus } from '#libs/stores/log';
import { loadRelayConfig } from '../src/config.ts';
import { type RunningRelay, startRelay } from '../src/start-relay.ts';

/** A relay in this process on a database and a port of its own. */
export interface TestRelay {
  readonly url: string;
  readonly database: TestDatabase;
  readonly running: RunningRelay;
  get(path: string, init?: RequestInit): Promise<Response>;
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestRelay(settings: Record<string, string> = {}): Promise<TestRelay> {
  const database = await createTestDatabase();
  const config = loadRelayConfig({ TIDEMARK_RELAY_PORT: '0', DATABASE_URL: database.url, ...settings });
  const running = await startRelay(config, database.url, silentLogger);
  return {
    url: running.url,
    database,
    running,
    get: (path, init) => fetch(`${running.url}${path}`, init),
    send: (method, path, body, headers = {}) =>
      fetch(`${running.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    caughtUp: () =>
      eventually(async () => {
        const status = await readSequencerStatus(database.db);
        if (status.cursor < status.horizon || status.lagMessages > 0n) throw new Error('the sequencer lags');
      }),
    stop: async () => {
      await running.stop(5_000);
      await database.drop();
    },
  };
}
