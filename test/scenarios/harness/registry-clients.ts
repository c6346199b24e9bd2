import { systemSleep } from '#libs/foundation/lifecycle';
import { BASE, numberedSchema } from './numbered-schemas.ts';
import { RegistryRequests } from './registry-requests.ts';

export interface RegistryClientsOptions {
  readonly random: () => number;
  /** Where registries are said to be, at this moment. */
  readonly urls: () => readonly string[];
  /** How many register at a time; default 6. */
  readonly clients?: number;
  /** Default 5. */
  readonly subjects?: number;
}

/** A registration that a client has been told of. `number` is that of the schema. */
export interface Acknowledged {
  readonly subject: string;
  readonly number: number;
  readonly id: number;
  readonly version: number;
}

const ATTEMPTS_MAX = 1_000;
const PAUSE_MS = 20;
const GIVE_UP_MS = 30_000;
/** How far back the schemas are that others register at about the same time. */
const RECENT = 15;

/**
 * Clients that register the same and different schemas without end. When a registry does not answer they go to the next one
 * with the same request, and try again what was answered with 5xx, until they are told how it ended.
 */
export class RegistryClients {
  readonly acknowledged: Acknowledged[] = [];
  /** Answers with 5xx, as `status error_code`, by how many there were. */
  readonly unavailable = new Map<string, number>();
  /** Registrations by the registry that answered. */
  readonly answeredBy = new Map<string, number>();
  /** Requests whose connection was lost in the middle. */
  cut = 0;
  readonly subjects: readonly string[];
  readonly #options: Required<RegistryClientsOptions>;
  readonly #failures: unknown[] = [];
  #numbers = 0;
  #stopping = false;
  #loops: Promise<void>[] = [];

  constructor(options: RegistryClientsOptions) {
    this.#options = { clients: 6, subjects: 5, ...options };
    this.subjects = Array.from({ length: this.#options.subjects }, (_, index) => `load-${index}`);
  }

  /** Allows every schema everywhere, gives each subject its first version, and begins. */
  async start(): Promise<this> {
    const registry = new RegistryRequests(this.#options.urls()[0]!);
    await registry.send('PUT', '/config', { compatibility: 'NONE' });
    for (const subject of this.subjects) await registry.register(subject, { ...BASE });
    this.#loops = Array.from({ length: this.#options.clients }, (_, index) => this.#run(index));
    return this;
  }

  /** Lets every client be told how its request ended. Throws what none of them should have been told. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#loops.splice(0));
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  async #run(start: number): Promise<void> {
    const { random } = this.#options;
    let at = start;
    while (!this.#stopping) {
      if (random() < 0.3) at += 1;
      const subject = this.subjects[Math.trunc(random() * this.subjects.length)]!;
      const number = random() < 0.4 ? ++this.#numbers : Math.max(0, this.#numbers - Math.trunc(random() * RECENT));
      // Settings change meanwhile, here to what they are: it makes everybody wait, and forget what is in memory.
      const work =
        random() < 0.03
          ? (url: string) => this.#configure(url, subject)
          : (url: string) => this.#register(url, subject, number);
      try {
        at = await this.#untilDone(at, work);
      } catch (error) {
        this.#failures.push(error);
        return;
      }
    }
  }

  /** Goes from one registry to the next until one says that it is done, and answers which. */
  async #untilDone(start: number, work: (url: string) => Promise<boolean>): Promise<number> {
    for (let at = start; at < start + ATTEMPTS_MAX; at++) {
      const urls = this.#options.urls();
      if (await work(urls[at % urls.length]!)) return at;
      await systemSleep(PAUSE_MS);
    }
    throw new Error(`nobody has done it in ${ATTEMPTS_MAX} attempts`);
  }

  async #register(url: string, subject: string, number: number): Promise<boolean> {
    const schema = numberedSchema(number, this.subjects);
    const body = await this.#send(url, 'POST', `/subjects/${subject}/versions`, schema);
    if (body === undefined) return false;
    this.answeredBy.set(url, (this.answeredBy.get(url) ?? 0) + 1);
    this.acknowledged.push({ subject, number, id: body['id'] as number, version: body['version'] as number });
    return true;
  }

  async #configure(url: string, subject: string): Promise<boolean> {
    return (await this.#send(url, 'PUT', `/config/${subject}`, { compatibility: 'NONE' })) !== undefined;
  }

  /** Undefined: it is not known how it ended, and has to be tried again. */
  async #send(url: string, method: string, path: string, body: object): Promise<Record<string, unknown> | undefined> {
    let status: number;
    let text: string;
    try {
      const answer = await fetch(url + path, {
        method,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
        signal: AbortSignal.timeout(GIVE_UP_MS),
      });
      status = answer.status;
      text = await answer.text();
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') {
        throw new Error(`${method} ${path}: no answer for ${GIVE_UP_MS} ms`, { cause: error });
      }
      if ((error as { cause?: { code?: string } }).cause?.code !== 'ECONNREFUSED') this.cut += 1;
      return undefined;
    }
    const said = JSON.parse(text) as Record<string, unknown>;
    if (status >= 500 && typeof said['error_code'] === 'number' && typeof said['message'] === 'string') {
      const kind = `${status} ${said['error_code']}`;
      this.unavailable.set(kind, (this.unavailable.get(kind) ?? 0) + 1);
      return undefined;
    }
    if (status !== 200) throw new Error(`${method} ${path} ${JSON.stringify(body)}: ${status} ${text}`);
    return said;
  }
}
