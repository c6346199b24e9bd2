import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RegistryVersion } from '../../src/registry/reading/registry-snapshot.ts';
import { parseSubjectName, printSubjectName } from '../../src/registry/subject-name.ts';

/** What a test makes go wrong: undefined lets the request pass. */
export type Fault = (request: { method: string; path: string; count: number }) => Refusal | 'silence' | undefined;

export class Refusal extends Error {
  readonly status: number;
  readonly errorCode: number;

  constructor(errorCode: number, message: string) {
    super(message);
    this.status = errorCode < 1_000 ? errorCode : Math.floor(errorCode / 100);
    this.errorCode = errorCode;
  }
}

interface Options {
  /** As Confluent before 8.0: no guids or times, and nothing that says what is deleted. */
  readonly old?: boolean;
  /** Whether it has GET /schemas. */
  readonly lists?: boolean;
}

type Settings = Map<string, Record<string, unknown>>;

/** As much of a schema registry over HTTP as copying one needs, in memory, with faults where a test wants them. */
export class MemoryRegistry {
  readonly versions: RegistryVersion[] = [];
  readonly configs: Settings = new Map([['', { compatibilityLevel: 'BACKWARD' }]]);
  readonly modes: Map<string, string> = new Map([['', 'READWRITE']]);
  /** Every request that came, as `METHOD path`. */
  readonly requests: string[] = [];
  fault: Fault = () => undefined;
  readonly #options: Options;
  readonly #server: Server;

  constructor(options: Options = {}) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Adds a version as it is, whatever the mode. */
  add(version: Partial<RegistryVersion> & { subject: string; version: number; id: number }): void {
    const schema = version.schema ?? `"schema ${version.id}"`;
    const hex = createHash('md5').update(schema).digest('hex');
    this.versions.push({
      guid: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
      schemaType: 'AVRO',
      references: [],
      metadata: null,
      ruleSet: null,
      ts: 1_700_000_000_000 + version.id,
      deleted: false,
      ...version,
      schema,
    });
  }

  writes(): string[] {
    return this.requests.filter((request) => !request.startsWith('GET'));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://registry');
    const method = request.method!;
    this.requests.push(`${method} ${decodeURIComponent(url.pathname)}`);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    try {
      const path = url.pathname;
      const fault = this.fault({ method, path, count: this.requests.length });
      if (fault === 'silence') return;
      if (fault !== undefined) throw fault;
      const body = parts.length === 0 ? {} : (JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>);
      response.end(JSON.stringify(this.#route(method, path.split('/').slice(1).map(decodeURIComponent), url, body)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(error.status).end(JSON.stringify({ error_code: error.errorCode, message: error.message }));
    }
  }

  #route(method: string, parts: readonly string[], url: URL, body: Record<string, unknown>): unknown {
    const [first, second, third, fourth] = parts;
    const deleted = url.searchParams.get('deleted') === 'true';
    if (first === 'contexts') {
      return [...new Set(['.', ...this.versions.map(({ subject }) => parseSubjectName(subject).context)])].sort();
    }
    if (first === 'config') return this.#settings(this.configs, method, second ?? '', body, 40_408);
    if (first === 'mode') return this.#mode(method, second ?? '', body, url.searchParams.get('force') === 'true');
    if (first === 'schemas' && second === undefined && this.#options.lists !== false) return this.#list(url, deleted);
    if (first === 'schemas' && second === 'ids')
      return this.#byId(Number(third), url.searchParams.get('subject') ?? '');
    if (first === 'schemas' && second === 'guids')
      return this.#shown(this.#require(({ guid }) => guid === third, 40_403));
    if (first === 'subjects' && second === undefined) return this.#subjects(url, deleted);
    if (first === 'subjects' && third === 'versions' && fourth === undefined) {
      if (method === 'POST') return this.#register(second!, body);
      const versions = this.versions.filter((each) => each.subject === second && (deleted || !each.deleted));
      if (versions.length === 0) throw new Refusal(40_401, `Subject '${second}' not found.`);
      return versions.map(({ version }) => version);
    }
    if (first === 'subjects' && third === 'versions') return this.#version(method, second!, Number(fourth), deleted);
    throw new Refusal(404, 'HTTP 404 Not Found');
  }

  #list(url: URL, deleted: boolean): unknown[] {
    const prefix = url.searchParams.get('subjectPrefix') ?? '';
    const offset = Number(url.searchParams.get('offset') ?? 0);
    const limit = Number(url.searchParams.get('limit') ?? 1_000);
    return this.versions
      .filter((each) => each.subject.startsWith(prefix) && (deleted || !each.deleted))
      .slice(offset, offset + limit)
      .map((each) => this.#shown(each));
  }

  #subjects(url: URL, deleted: boolean): string[] {
    const prefix = url.searchParams.get('subjectPrefix') ?? '';
    const found = this.versions.filter((each) => each.subject.startsWith(prefix) && (deleted || !each.deleted));
    return [...new Set(found.map(({ subject }) => subject))];
  }

  #byId(id: number, subject: string): unknown {
    const { context } = parseSubjectName(subject);
    return this.#shown(
      this.#require((each) => each.id === id && parseSubjectName(each.subject).context === context, 40_403),
    );
  }

  #version(method: string, subject: string, number: number, deleted: boolean): unknown {
    const found = this.#require((each) => each.subject === subject && each.version === number, 40_402);
    if (method === 'GET' && found.deleted && !deleted) throw new Refusal(40_402, `Version ${number} not found.`);
    if (method === 'GET') return this.#shown(found);
    if (found.deleted) throw new Refusal(40_406, 'was soft deleted');
    const referrer = this.versions.find(
      (each) => !each.deleted && each.references.some((one) => one.subject === subject && one.version === number),
    );
    if (referrer !== undefined) throw new Refusal(42_206, `One or more references exist to the schema ${subject}.`);
    this.#replace(found, { ...found, deleted: true });
    return number;
  }

  #register(subject: string, body: Record<string, unknown>): unknown {
    const { context } = parseSubjectName(subject);
    const place = context === '.' ? '' : `:${context}:`;
    const mode = this.modes.get(subject) ?? this.modes.get(place) ?? 'READWRITE';
    if (mode !== 'IMPORT') throw new Refusal(42_205, `Subject ${subject} in context ${context} is not in import mode`);
    const wanted = { subject, ...body, deleted: false } as unknown as RegistryVersion;
    for (const { subject: target, version } of wanted.references) {
      const name = printSubjectName(parseSubjectName(target, context));
      this.#require((each) => each.subject === name && each.version === version, 42_201);
    }
    const there = this.versions.find((each) => each.subject === subject && each.version === wanted.version);
    if (there !== undefined) this.#replace(there, { ...there, ts: wanted.ts, deleted: false });
    else this.add(wanted);
    return { id: wanted.id };
  }

  #mode(method: string, place: string, body: Record<string, unknown>, force: boolean): unknown {
    if (method === 'GET') return { mode: this.#ofPlace(this.modes, place, 40_409) };
    if (method === 'DELETE') {
      const mode = this.#ofPlace(this.modes, place, 40_401);
      this.modes.delete(place);
      return { mode };
    }
    if (body['mode'] === 'IMPORT') {
      const inside = this.versions.filter(({ subject }) => subject === place || this.#contextPlace(subject) === place);
      if (inside.some((each) => !each.deleted) && !force) {
        throw new Refusal(42_205, 'Cannot import since found existing subjects');
      }
      for (const each of inside.filter(({ deleted }) => deleted)) this.versions.splice(this.versions.indexOf(each), 1);
    }
    this.modes.set(place, body['mode'] as string);
    return body;
  }

  #contextPlace(subject: string): string {
    const { context } = parseSubjectName(subject);
    return context === '.' ? '' : `:${context}:`;
  }

  #settings(all: Settings, method: string, place: string, body: Record<string, unknown>, missing: number): unknown {
    if (method === 'GET') return this.#ofPlace(all, place, missing);
    if (method === 'DELETE') {
      const before = this.#ofPlace(all, place, 40_401);
      all.delete(place);
      return before;
    }
    const { compatibility, ...rest } = body;
    const written = { ...rest, ...(compatibility === undefined ? {} : { compatibilityLevel: compatibility }) };
    const merged = Object.entries({ ...all.get(place), ...written }).filter(([, value]) => value !== null);
    all.set(place, Object.fromEntries(merged));
    return body;
  }

  #ofPlace<T>(all: ReadonlyMap<string, T>, place: string, missing: number): T {
    const found = all.get(place);
    if (found === undefined) throw new Refusal(missing, `'${place}' has none`);
    return found;
  }

  #require(wanted: (version: RegistryVersion) => boolean, missing: number): RegistryVersion {
    const found = this.versions.find(wanted);
    if (found === undefined) throw new Refusal(missing, 'not found');
    return found;
  }

  #replace(before: RegistryVersion, after: RegistryVersion): void {
    this.versions[this.versions.indexOf(before)] = after;
  }

  #shown({ metadata, ruleSet, ...version }: RegistryVersion): unknown {
    const shown = { ...version, ...(metadata === null ? {} : { metadata }), ...(ruleSet === null ? {} : { ruleSet }) };
    return this.#options.old === true ? { ...shown, guid: undefined, ts: undefined, deleted: undefined } : shown;
  }
}
