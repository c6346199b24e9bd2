import { createHash } from 'node:crypto';
import { type EarlyAnswer, type EarlyAnswers, preferredType } from '#libs/foundation/http';
import { ANSWER_TYPES } from '../wire/media-types.ts';
import { ByteCache } from './byte-cache.ts';

/** The body of an answer with the headers that let clients keep it. */
export interface FinishedRead {
  readonly body: Buffer;
  readonly headers: { readonly etag: string; readonly 'cache-control': string; readonly vary: string };
}

/** Whether what is kept is known to be true still, also after changes by other processes. */
export interface Freshness {
  isFresh(): boolean;
}

/**
 * A schema never changes under its id, but it can be deleted for good: clients may use it for five minutes without asking.
 * An answer that depends on a subject is asked for again, which costs a 304.
 */
const LASTING = 'private, max-age=300, immutable';
const ASK_AGAIN = 'private, no-cache';

const PREFIXES = ['/schemas/ids/', '/schemas/guids/'];

/**
 * Finished answers of reads by id and guid, by the URL that asked for them, within a number of bytes. `forget` drops them all
 * when something was deleted; an answer that was read before that is not kept after it.
 */
export class ImmutableReads implements EarlyAnswers {
  readonly role = 'viewer';
  readonly #kept: ByteCache<FinishedRead>;
  readonly #freshness: Freshness;
  readonly #onHit: () => void;
  #forgotten = 0;

  constructor(bytesMax: number, freshness: Freshness, onHit: () => void = () => undefined) {
    this.#kept = new ByteCache(bytesMax);
    this.#freshness = freshness;
    this.#onHit = onHit;
  }

  get bytes(): number {
    return this.#kept.bytes;
  }

  find(url: string, headers: Parameters<EarlyAnswers['find']>[1]): EarlyAnswer | undefined {
    if (!PREFIXES.some((prefix) => url.startsWith(prefix)) || !this.#freshness.isFresh()) return undefined;
    const kept = this.#kept.get(url);
    if (kept === undefined) return undefined;
    const { accept } = headers;
    const type = preferredType(typeof accept === 'string' ? accept : undefined, ANSWER_TYPES);
    // What is not acceptable is refused where all requests are.
    if (type === undefined) return undefined;
    this.#onHit();
    if (this.matches(headers['if-none-match'], kept)) return { status: 304, headers: kept.headers, body: undefined };
    return { status: 200, headers: { ...kept.headers, 'content-type': type }, body: kept.body };
  }

  /** To be taken before an answer is read, and given to `keep`. */
  moment(): number {
    return this.#forgotten;
  }

  /** `lasting`: the answer stays the same as long as the schema exists. */
  finish(text: string, lasting: boolean): FinishedRead {
    const body = Buffer.from(text);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    return { body, headers: { etag, 'cache-control': lasting ? LASTING : ASK_AGAIN, vary: 'accept' } };
  }

  keep(url: string, answer: FinishedRead, since: number): void {
    if (since === this.#forgotten) this.#kept.set(url, answer, answer.body.byteLength);
  }

  forget(): void {
    this.#forgotten += 1;
    this.#kept.clear();
  }

  matches(ifNoneMatch: string | string[] | undefined, { headers }: FinishedRead): boolean {
    if (ifNoneMatch === undefined) return false;
    const tags = [ifNoneMatch].flat().flatMap((line) => line.split(','));
    return tags.some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === headers.etag);
  }
}
