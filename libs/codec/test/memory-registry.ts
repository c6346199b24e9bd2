import { createServer, type IncomingMessage, type Server } from 'node:http';
import { protobufFormat } from '#libs/formats/protobuf';
import { fingerprint, guidOf, type SchemaReference, type SchemaType } from '#libs/formats/schema';

interface Entry {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  readonly guid: string;
  readonly schemaType: SchemaType;
  readonly schema: string;
  readonly references: readonly SchemaReference[];
}

/** The part of a registry that clients need to read schemas, in memory, on a port of its own. */
export class MemoryRegistry {
  /** Statuses to answer the next requests with, before anything else. */
  readonly failures: number[] = [];
  /** Paths as they were asked for. */
  readonly requests: string[] = [];
  /** The Authorization headers of the requests, '' where there was none. */
  readonly authorizations: string[] = [];
  readonly #entries: Entry[] = [];
  #server: Server | undefined;
  url = '';

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      this.authorizations.push(request.headers.authorization ?? '');
      const failure = this.failures.shift();
      const [status, body] = failure === undefined ? this.#answer(request) : [failure, { message: 'no' }];
      response
        .writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
        .end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address() as { port: number };
    this.url = `http://127.0.0.1:${address.port}`;
    this.#server = server;
    return this;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  add(subject: string, schemaType: SchemaType, schema: string, references: readonly SchemaReference[] = []): Entry {
    const version = this.#entries.filter((entry) => entry.subject === subject).length + 1;
    const guid = guidOf(fingerprint({ canonicalText: schema, references }));
    const entry = { subject, version, id: this.#entries.length + 100, guid, schemaType, schema, references };
    this.#entries.push(entry);
    return entry;
  }

  #answer(request: IncomingMessage): [number, unknown] {
    const url = new URL(request.url ?? '/', this.url || 'http://localhost');
    this.requests.push(url.pathname);
    const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
    const found = this.#find(parts);
    if (found === undefined) return [404, { error_code: 404, message: 'HTTP 404 Not Found' }];
    return [200, Array.isArray(found) ? found : this.#shown(found as Entry, url.searchParams.get('format'))];
  }

  #find([kind, a, b, c]: string[]): unknown {
    if (kind === 'associations') return [];
    if (kind === 'schemas' && a === 'ids') return this.#entries.find(({ id }) => String(id) === b);
    if (kind === 'schemas' && a === 'guids') {
      const entries = this.#entries.filter(({ guid }) => guid === b);
      return c === 'ids' ? entries.map(({ id }) => ({ context: '.', id })) : entries[0];
    }
    const versions = this.#entries.filter(({ subject }) => kind === 'subjects' && subject === a);
    return c === 'latest' ? versions.at(-1) : versions.find(({ version }) => String(version) === c);
  }

  /** Clients ask for Protobuf as a serialized descriptor. */
  #shown(entry: Entry, format: string | null): unknown {
    if (format !== 'serialized' || entry.schemaType !== 'PROTOBUF') return entry;
    const dependencies = entry.references.map(({ name, subject }) => ({
      name,
      text: this.#entries.find((each) => each.subject === subject)?.schema ?? '',
    }));
    return { ...entry, schema: protobufFormat.formattedText(protobufFormat.parse(entry.schema, dependencies), format) };
  }
}
