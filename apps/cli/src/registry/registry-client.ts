import type { z } from 'zod';
import { backoffMs, redactUrls } from '#libs/foundation/kernel';
import { type Sleep, systemSleep } from '#libs/foundation/lifecycle';
import { CommandError, Interrupted } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { unreachableReason } from '../access/unreachable-reason.ts';
import type { RegistryAccess } from './registry-access.ts';
import { isTransient, RegistryRefusal } from './registry-refusal.ts';

export interface RegistryExchange {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object;
  /** Whether it may be sent again when no answer came. Default: all but POST. */
  readonly repeatable?: boolean;
}

export interface RegistryClientOptions {
  /** Ends every call with Interrupted. */
  readonly interrupted: AbortSignal;
  /** In [0, 1). */
  readonly random: () => number;
  /** Of one attempt, ms. Default 35,000: somewhat longer than a registry of ours gives a request. */
  readonly timeoutMs?: number;
  /** Default 6: with the waits between them about 10 seconds of failures. */
  readonly attemptsMax?: number;
  readonly sleep?: Sleep;
}

const BACKOFF = { minMs: 200, maxMs: 5_000 };
const TIMEOUT_MS = 35_000;
const ATTEMPTS_MAX = 6;

/**
 * Talks to a schema registry of any make through Confluent's API. What may pass (no answer, 408, 429, 5xx) is tried again
 * after a growing wait. Throws RegistryRefusal for what it refuses, CommandError when it cannot be reached or answers with
 * something else than was asked for.
 */
export class RegistryClient {
  readonly url: string;
  readonly #access: RegistryAccess;
  readonly #options: RegistryClientOptions;

  constructor(access: RegistryAccess, options: RegistryClientOptions) {
    this.url = redactUrls(access.url);
    this.#access = access;
    this.#options = options;
  }

  /** The same registry for work that has to be done after Ctrl-C as well, bounded by `withinMs`. */
  uninterrupted(withinMs: number): RegistryClient {
    return new RegistryClient(this.#access, { ...this.#options, interrupted: AbortSignal.timeout(withinMs) });
  }

  /** The answer of a request, checked. */
  async call<S extends z.ZodType>(path: string, answer: S, exchange: RegistryExchange = {}): Promise<z.output<S>> {
    const text = await this.text(path, exchange);
    const document = this.#parsed(text, path);
    const checked = answer.safeParse(document);
    if (checked.success) return checked.data;
    const [issue] = checked.error.issues;
    throw this.#strange(path, `${issue?.path.join('.') || 'the answer'}: ${issue?.message ?? 'not as expected'}`);
  }

  /** The answer, or undefined where the registry says with one of these codes that there is none. */
  async find<S extends z.ZodType>(
    path: string,
    answer: S,
    absent: readonly number[],
    exchange: RegistryExchange = {},
  ): Promise<z.output<S> | undefined> {
    try {
      return await this.call(path, answer, exchange);
    } catch (error) {
      if (error instanceof RegistryRefusal && absent.includes(error.errorCode)) return undefined;
      throw error;
    }
  }

  /** The answer as text. */
  async text(path: string, exchange: RegistryExchange = {}): Promise<string> {
    const attemptsMax = this.#options.attemptsMax ?? ATTEMPTS_MAX;
    const repeatable = exchange.repeatable ?? exchange.method !== 'POST';
    for (let attempt = 1; ; attempt++) {
      const last = attempt === attemptsMax || !repeatable;
      try {
        return await this.#once(path, exchange);
      } catch (error) {
        if (this.#options.interrupted.aborted) throw new Interrupted();
        const refusal = error instanceof RegistryRefusal ? error : undefined;
        if (refusal !== undefined && (last || !isTransient(refusal.status))) throw refusal;
        if (last) throw this.#unreachable(error, attempt);
      }
      const wait = backoffMs(attempt - 1, BACKOFF, this.#options.random());
      await (this.#options.sleep ?? systemSleep)(wait, this.#options.interrupted);
    }
  }

  async #once(path: string, exchange: RegistryExchange): Promise<string> {
    const url = new URL(this.#access.url + path);
    for (const [name, value] of Object.entries(exchange.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS);
    const response = await fetch(url, {
      method: exchange.method ?? 'GET',
      headers: {
        accept: 'application/vnd.schemaregistry.v1+json, application/json; q=0.9, */*; q=0.1',
        ...(this.#access.authorization === undefined ? {} : { authorization: this.#access.authorization }),
        ...(exchange.body === undefined ? {} : { 'content-type': 'application/vnd.schemaregistry.v1+json' }),
      },
      body: exchange.body === undefined ? undefined : JSON.stringify(exchange.body),
      signal: AbortSignal.any([timeout, this.#options.interrupted]),
    });
    const text = await response.text();
    if (response.ok) return text;
    throw new RegistryRefusal(response.status, text, { url: this.url, path, namedBy: this.#access.namedBy });
  }

  #parsed(text: string, path: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.#strange(path, 'it is no JSON');
    }
  }

  #strange(path: string, what: string): CommandError {
    return new CommandError(EXIT.FAILED, `${this.url}${path} did not answer as a schema registry does: ${what}`, {
      remedy: `Check that ${this.#access.namedBy} names a schema registry, and not another service.`,
    });
  }

  #unreachable(error: unknown, attempts: number): CommandError {
    const timeoutMs = this.#options.timeoutMs ?? TIMEOUT_MS;
    const tried = attempts === 1 ? '' : ` (tried ${attempts} times)`;
    return new CommandError(
      EXIT.UNREACHABLE,
      `cannot reach ${this.url}: ${unreachableReason(error, timeoutMs)}${tried}`,
      {
        remedy: `Check that the registry runs, and that ${this.#access.namedBy} says where it is.`,
        cause: error,
      },
    );
  }
}
