import { redactUrls } from '#libs/foundation/kernel';
import { unreachableReason } from '../access/unreachable-reason.ts';
import { CommandError, Interrupted } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { failedAnswer } from './failed-answer.ts';
import type { RelayAccess } from './relay-access.ts';

/** Somewhat longer than the relay gives a request by default. */
const TIMEOUT_MS = 35_000;

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Exchange {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly query?: Query;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are answers, besides those of success. */
  readonly also?: readonly number[];
}

/** Talks to the HTTP API of one relay. Throws CommandError for what the relay refuses and when it cannot be reached. */
export class RelayClient {
  readonly url: string;
  readonly #authorization: string | undefined;
  readonly #interrupted: AbortSignal;

  constructor(access: RelayAccess, interrupted: AbortSignal) {
    this.url = access.url;
    this.#authorization = access.authorization;
    this.#interrupted = interrupted;
  }

  /** The answer of a request, read whole. */
  async call<T>(path: string, exchange: Exchange = {}): Promise<T> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const response = await this.#send(path, exchange, timeout);
    const text = await this.#reached(() => response.text());
    if (!response.ok && exchange.also?.includes(response.status) !== true)
      throw failedAnswer(response.status, text, redactUrls(this.url));
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new CommandError(EXIT.FAILED, `${redactUrls(this.url)} did not answer with JSON`, {
        remedy: 'Check that --url (TIDEMARK_URL) names the relay, and not another service.',
        cause: error,
      });
    }
  }

  /** An answer that goes on for as long as the relay likes; the signal ends it. */
  async open(path: string, exchange: Exchange, ended: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#send(path, exchange, ended);
    if (response.ok && response.body !== null) return response.body;
    throw failedAnswer(response.status, await this.#reached(() => response.text()), redactUrls(this.url));
  }

  #send(path: string, exchange: Exchange, ended: AbortSignal): Promise<Response> {
    const url = new URL(this.url + path);
    for (const [name, value] of Object.entries(exchange.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return this.#reached(() =>
      fetch(url, {
        method: exchange.method ?? 'GET',
        headers: {
          ...(this.#authorization === undefined ? {} : { authorization: this.#authorization }),
          ...(exchange.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...exchange.headers,
        },
        body: exchange.body === undefined ? undefined : JSON.stringify(exchange.body),
        signal: AbortSignal.any([ended, this.#interrupted]),
      }),
    );
  }

  async #reached<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (this.#interrupted.aborted) throw new Interrupted();
      throw new CommandError(
        EXIT.UNREACHABLE,
        `cannot reach ${redactUrls(this.url)}: ${unreachableReason(error, TIMEOUT_MS)}`,
        {
          remedy: 'Start the relay (npm start), or say where it is with --url or TIDEMARK_URL.',
          cause: error,
        },
      );
    }
  }
}
