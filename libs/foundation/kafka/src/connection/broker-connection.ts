import { Writer } from '@platformatic/kafka';
import { TidemarkError } from '#libs/foundation/kernel';
import type { KafkaConnectionSettings } from '../connection-settings.ts';
import { agreedVersion, type ApiCall, type VersionRange } from '../protocol/api-call.ts';
import { describeFailure, type Failure } from './failure.ts';
import { type Address, type Link, openLink } from './link.ts';
import { afterFailure, type Pacing, UNTRIED } from './pacing.ts';

/** Calls that wait and that are on their way: a caller that makes more does not look at its answers. */
const MAX_CALLS = 256;

/**
 * The way to one broker: connected at the first call, and again at the next call after the connection was lost. While
 * an attempt to connect has just failed, calls fail at once with its reason. Calls are sent in their order; one that
 * gets no answer in time ends the connection, and all calls on it fail.
 */
export class BrokerConnection {
  readonly #address: Address;
  readonly #settings: KafkaConnectionSettings;
  readonly #pending = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #calls = 0;
  #link: Promise<Link> | undefined;
  #open: Link | undefined;
  #pacing: Pacing = UNTRIED;

  constructor(address: Address, settings: KafkaConnectionSettings) {
    this.#address = address;
    this.#settings = settings;
  }

  /** True while it is not worthwhile to try: the last attempt has just failed. */
  get resting(): boolean {
    return this.#link === undefined && performance.now() < this.#pacing.notBefore;
  }

  /** Throws KAFKA_UNREACHABLE, KAFKA_AUTHENTICATION_FAILED, or KAFKA_UNSUPPORTED when the broker does not know the call. */
  async call<Request, Answer>(api: ApiCall<Request, Answer>, request: Request): Promise<Answer> {
    if (this.#calls >= MAX_CALLS) throw this.#failed(api.name, unreachable(`${MAX_CALLS} calls wait already`));
    this.#calls++;
    try {
      const link = await this.#connected(api.name);
      const version = agreedVersion(api, link.versions.get(api.key));
      if (version === null) throw unsupported(api, this.#name, link.versions.get(api.key));
      const writer = Writer.create();
      api.write(writer, request, version);
      return await this.#sent(link, api, version, writer);
    } finally {
      this.#calls--;
    }
  }

  async versions(): Promise<ReadonlyMap<number, VersionRange>> {
    return (await this.#connected('ApiVersions')).versions;
  }

  /** Calls that have no answer yet fail; so does every later one. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#open?.end();
    await Promise.allSettled([this.#link, ...this.#pending]);
  }

  get #name(): string {
    return `${this.#address.host}:${this.#address.port}`;
  }

  async #sent<Answer>(link: Link, api: ApiCall<never, Answer>, version: number, request: Writer): Promise<Answer> {
    const answer = link.send(api, version, request);
    this.#pending.add(answer);
    try {
      return await answer;
    } catch (error) {
      // Whatever it was: nobody knows what has become of the requests behind this one.
      this.#forget(link);
      link.end();
      throw this.#failed(api.name, describeFailure(error));
    } finally {
      this.#pending.delete(answer);
    }
  }

  async #connected(call: string): Promise<Link> {
    if (this.#closing.signal.aborted) throw this.#failed(call, unreachable('the client is closed'));
    const { last, notBefore } = this.#pacing;
    if (this.#link === undefined && last !== null && performance.now() < notBefore) throw this.#failed(call, last);
    if (this.#open !== undefined && performance.now() >= this.#open.retireAt) this.#retire(this.#open);
    this.#link ??= this.#connect();
    try {
      return await this.#link;
    } catch (error) {
      throw this.#failed(call, describeFailure(error));
    }
  }

  async #connect(after?: Promise<unknown>): Promise<Link> {
    try {
      await after;
      const link = await openLink(this.#address, this.#settings, this.#closing.signal);
      this.#open = link;
      link.onEnd(() => this.#forget(link));
      this.#pacing = UNTRIED;
      return link;
    } catch (error) {
      this.#link = undefined;
      this.#pacing = afterFailure(this.#pacing, describeFailure(error), performance.now());
      throw error;
    }
  }

  /** The session ends soon: calls from now on wait until the answers of those before them are there. */
  #retire(link: Link): void {
    this.#open = undefined;
    this.#link = this.#connect(Promise.allSettled(this.#pending).then(() => link.end()));
  }

  #forget(link: Link): void {
    if (this.#open !== link) return;
    this.#open = undefined;
    this.#link = undefined;
  }

  #failed(call: string, failure: Failure): TidemarkError {
    return new TidemarkError(failure.code, `${call} at ${this.#name} has no answer: ${failure.reason}.`, {
      context: { broker: this.#name, call },
    });
  }
}

const unreachable = (reason: string): Failure => ({ code: 'KAFKA_UNREACHABLE', reason });

function unsupported(api: ApiCall<never, unknown>, broker: string, theirs: VersionRange | undefined): TidemarkError {
  const known = theirs === undefined ? 'does not know it' : `knows versions ${theirs.min} to ${theirs.max}`;
  return new TidemarkError(
    'KAFKA_UNSUPPORTED',
    `${api.name} is needed in a version from ${api.min} to ${api.max}, but the broker at ${broker} ${known}.`,
    { context: { broker, call: api.name } },
  );
}
