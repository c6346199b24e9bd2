import { createAuthenticator, createResponseChecker, type OpenApiDocument } from '#libs/foundation/http';
import { createMetrics, HealthChecks, silentLogger } from '#libs/foundation/observability';
import { loadRegistryConfig } from '../src/config.ts';
import { ImmutableReads } from '../src/reads/immutable-reads.ts';
import { createRegistryApp } from '../src/registry-app.ts';
import type { Profile } from '../src/wire/profile.ts';
import { RecordingRegistry } from './recording-registry.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface HttpOnly {
  readonly url: string;
  readonly recording: RecordingRegistry;
  readonly reads: ImmutableReads;
  call(method: string, path: string, init?: CallOptions): Promise<Answer>;
  stop(): Promise<void>;
}

export interface CallOptions {
  /** An object is sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export const V1 = 'application/vnd.schemaregistry.v1+json';

/** The HTTP layer on a port of its own, with a registry that only notes what it is asked. */
export async function startHttpOnly(
  options: { profile?: Profile; credentialsFile?: string; bodyMaxBytes?: number } = {},
): Promise<HttpOnly> {
  const recording = new RecordingRegistry();
  const config = loadRegistryConfig({
    TIDEMARK_REGISTRY_BODY_MAX_BYTES: String(options.bodyMaxBytes ?? 1_048_576),
  });
  const reads = new ImmutableReads(1_048_576, { isFresh: () => true });
  const { credentialsFile } = options;
  const app = await createRegistryApp({
    services: {
      registry: recording.registry,
      associations: recording.associations,
      reads,
      profile: options.profile ?? 8,
    },
    config,
    authenticator: await createAuthenticator({ credentialsFile, logger: silentLogger }),
    logger: silentLogger,
    metrics: createMetrics({ processMetrics: false }),
    health: new HealthChecks(),
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return { url, recording, reads, call: (...input) => call(url, ...input), stop: () => app.close() };
}

async function call(url: string, method: string, path: string, init: CallOptions = {}): Promise<Answer> {
  const { body } = init;
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { ...(text !== undefined && { 'content-type': V1 }), ...init.headers };
  const response = await fetch(url + path, { method, headers, body: text });
  const answered = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(answered);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text: answered, json };
}

export async function openApiChecker(url: string) {
  return createResponseChecker((await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument);
}
