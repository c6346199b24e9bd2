import { silentLogger } from '#libs/foundation/observability';
import type { RunningService } from '#libs/foundation/program';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { loadRegistryConfig } from '../src/config.ts';
import { startRegistry } from '../src/start-registry.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; the text itself when it is none; undefined when there is nothing. */
  readonly body: unknown;
}

/** A whole registry in this process, on a database and a port of its own. */
export interface TestRegistry {
  readonly url: string;
  readonly database: TestDatabase;
  /** `GET /subjects`, with a body for POST and PUT. */
  ask(request: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** The same on another registry on the same database. */
  another(settings?: Record<string, string>): Promise<Pick<TestRegistry, 'url' | 'ask'>>;
  stop(): Promise<void>;
}

export async function startTestRegistry(settings: Record<string, string> = {}): Promise<TestRegistry> {
  const database = await createTestDatabase();
  const running: RunningService[] = [];
  const start = async (more: Record<string, string> = {}): Promise<Pick<TestRegistry, 'url' | 'ask'>> => {
    const config = loadRegistryConfig({ TIDEMARK_REGISTRY_PORT: '0', ...settings, ...more });
    const service = await startRegistry(config, database.url, silentLogger);
    running.push(service);
    return { url: service.url, ask: (...input) => ask(service.url, ...input) };
  };
  const first = await start();
  return {
    ...first,
    database,
    another: start,
    stop: async () => {
      await Promise.all(running.map((service) => service.stop(5_000)));
      await database.drop();
    },
  };
}

async function ask(url: string, request: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const [method, path] = request.split(' ') as [string, string];
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(url + path, { method, body: text, headers: { ...type, ...headers } });
  const answered = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(answered) };
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
