import { backoffMs, redactUrls, TidemarkError } from '#libs/foundation/kernel';
import { type Sleep, systemSleep } from '#libs/foundation/lifecycle';

export interface RegistryRequestOptions {
  /** Where the registry is: http://localhost:8081. Credentials do not belong in it. */
  readonly url: string;
  /** Default: none. */
  readonly credentials?: { readonly user: string; readonly password: string } | { readonly token: string };
  /** For one attempt, in ms; default 5,000. */
  readonly timeoutMs?: number;
  /** Attempts in all, for failures that may pass; default 4. */
  readonly attemptsMax?: number;
  /** Bytes of an answer that are read at most; default 16 MiB. */
  readonly answerBytesMax?: number;
  readonly fetch?: typeof fetch;
  readonly sleep?: Sleep;
  readonly random?: () => number;
}

const RETRIED: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const BACKOFF = { minMs: 100, maxMs: 2_000 };

/** GET requests to a registry, repeated within bounds where a failure may pass. */
export class RegistryRequests {
  readonly #options: RegistryRequestOptions;
  readonly #base: string;
  readonly #headers: Record<string, string>;

  constructor(options: RegistryRequestOptions) {
    this.#options = options;
    this.#base = options.url.replace(/\/+$/, '');
    this.#headers = {
      accept: 'application/vnd.schemaregistry.v1+json, application/json',
      ...authorization(options.credentials),
    };
  }

  /** The answer as JSON. Rejects with SCHEMA_UNKNOWN when there is no `what`. */
  async get(path: string, what: string): Promise<unknown> {
    const answer = await this.find(path);
    if (answer !== undefined) return answer;
    throw new TidemarkError('SCHEMA_UNKNOWN', `the registry at ${redactUrls(this.#base)} has no ${what}`);
  }

  /** As get; undefined when there is nothing there. */
  async find(path: string): Promise<unknown> {
    const { attemptsMax = 4, sleep = systemSleep, random = Math.random } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#attempt(path);
      if (!(outcome instanceof TidemarkError)) return outcome.answer;
      if (!outcome.retryable || attempt + 1 >= attemptsMax) throw outcome;
      await sleep(backoffMs(attempt, BACKOFF, random()));
    }
  }

  async #attempt(path: string): Promise<{ answer: unknown } | TidemarkError> {
    const { timeoutMs = 5_000, fetch: send = fetch } = this.#options;
    try {
      // A registry does not redirect; following one could send the credentials elsewhere.
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await send(`${this.#base}${path}`, { headers: this.#headers, redirect: 'error', signal });
      const text = await this.#text(response);
      if (response.ok) return { answer: JSON.parse(text) as unknown };
      if (response.status === 404) return { answer: undefined };
      return this.#refusal(response.status, text);
    } catch (error) {
      return this.#unavailable((error as Error).message, error);
    }
  }

  async #text(response: Response): Promise<string> {
    const { answerBytesMax = 16_777_216 } = this.#options;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body ?? []) {
      bytes += (part as Uint8Array).length;
      if (bytes > answerBytesMax) throw new RangeError(`the answer has more than ${answerBytesMax} bytes`);
      parts.push(part as Uint8Array);
    }
    return Buffer.concat(parts).toString('utf8');
  }

  #refusal(status: number, text: string): TidemarkError {
    const why = `${status} ${text.slice(0, 200)}`;
    if (RETRIED.has(status)) return this.#unavailable(why);
    const code = status === 401 ? 'UNAUTHENTICATED' : status === 403 ? 'FORBIDDEN' : 'REQUEST_INVALID';
    return new TidemarkError(code, `the registry at ${redactUrls(this.#base)} refused: ${why}`);
  }

  #unavailable(why: string, cause?: unknown): TidemarkError {
    return new TidemarkError('REGISTRY_UNAVAILABLE', `the registry at ${redactUrls(this.#base)}: ${why}`, { cause });
  }
}

function authorization(credentials: RegistryRequestOptions['credentials']): Record<string, string> {
  if (credentials === undefined) return {};
  if ('token' in credentials) return { authorization: `Bearer ${credentials.token}` };
  const pair = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}
