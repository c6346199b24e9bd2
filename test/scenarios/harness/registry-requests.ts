/** Requests to a schema registry as its clients send them, for filling one and looking into it. */
export class RegistryRequests {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The answer, or an error with what the registry said. */
  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.#url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  get<T>(path: string): Promise<T> {
    return this.send('GET', path);
  }

  register(subject: string, body: Readonly<Record<string, unknown>>): Promise<{ id: number; version: number }> {
    return this.send('POST', `/subjects/${encodeURIComponent(subject)}/versions`, body);
  }

  delete(path: string): Promise<unknown> {
    return this.send('DELETE', path);
  }

  /** Everything that a copy has to keep. */
  async contents(): Promise<unknown[]> {
    const contexts = await this.get<string[]>('/contexts');
    const prefixes = contexts.map((context) => (context === '.' ? '' : `:${context}:`));
    const pages = await Promise.all(
      prefixes.map((prefix) =>
        this.get<Record<string, unknown>[]>(`/schemas?deleted=true&subjectPrefix=${encodeURIComponent(prefix)}`),
      ),
    );
    const found = new Map(pages.flat().map((each) => [`${String(each['subject'])} ${String(each['version'])}`, each]));
    return [...found.keys()].sort().map((key) => found.get(key)!);
  }
}
