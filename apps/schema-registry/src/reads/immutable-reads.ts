import { createHash } from 'node:crypto';
import { type EarlyAnswer, type EarlyAnswers, preferredType } from '#libs/foundation/http';
import { ByteBoundedCache } from '#libs/foundation/caching';
import { ANSWER_TYPES } from '../wire/media-types.ts';

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

/** What an entry takes beside its body and its URL: four sets of headers. A round figure, on the safe side. */
const ENTRY_BYTES = 1_536;

interface Kept {
  readonly answer: Pick<FinishedRead, 'headers'>;
  readonly unchanged: EarlyAnswer;
  /** By media type. */
  readonly whole: ReadonlyMap<string, EarlyAnswer>;
}

/** Clients send few different Accept headers; beyond these many they are read anew each time. */
const ACCEPTS_MAX = 64;

/**
 * Finished answers of reads by id and guid, by the URL that asked for them, within a number of bytes. `forget` drops them all
 * when something was deleted; an answer that was read before that is not kept after it.
 */
export class ImmutableReads implements EarlyAnswers {
  readonly role = 'viewer';
  readonly #kept: ByteBoundedCache<Kept>;
  readonly #types = new Map<string, string | undefined>();
  readonly #freshness: Freshness;
  readonly #onHit: () => void;
  #forgotten = 0;

  constructor(bytesMax: number, freshness: Freshness, onHit: () => void = () => undefined) {
    this.#kept = new ByteBoundedCache(bytesMax);
    this.#freshness = freshness;
    this.#onHit = onHit;
  }

  get bytes(): number {
    return this.#kept.bytes;
  }

  find(url: string, headers: Parameters<EarlyAnswers['find']>[1]): EarlyAnswer | undefined {
    const kept = this.#kept.get(url);
    if (kept === undefined || !this.#freshness.isFresh()) return undefined;
    const type = this.#typeOf(headers['accept']);
    // What is not acceptable is refused where all requests are.
    if (type === undefined) return undefined;
    this.#onHit();
    return this.matches(headers['if-none-match'], kept.answer) ? kept.unchanged : kept.whole.get(type);
  }

  #typeOf(accept: string | string[] | undefined): string | undefined {
    const text = typeof accept === 'string' ? accept : '';
    if (this.#types.has(text)) return this.#types.get(text);
    const type = preferredType(text, ANSWER_TYPES);
    if (this.#types.size < ACCEPTS_MAX) this.#types.set(text, type);
    return type;
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

  /** `route` is the pattern that the URL matches, for logs. */
  keep(url: string, route: string, answer: FinishedRead, since: number): void {
    if (since !== this.#forgotten) return;
    const { headers } = answer;
    const body = answer.body.toString('latin1');
    const unchanged = { status: 304, headers, body: undefined, route };
    const whole = new Map(
      ANSWER_TYPES.map((type) => [type, { status: 200, headers: { ...headers, 'content-type': type }, body, route }]),
    );
    this.#kept.set(
      url,
      { answer: { headers }, unchanged, whole },
      answer.body.byteLength + 2 * url.length + ENTRY_BYTES,
    );
  }

  forget(): void {
    this.#forgotten += 1;
    this.#kept.clear();
  }

  matches(ifNoneMatch: string | string[] | undefined, { headers }: Pick<FinishedRead, 'headers'>): boolean {
    if (ifNoneMatch === undefined) return false;
    const tags = [ifNoneMatch].flat().flatMap((line) => line.split(','));
    return tags.some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === headers.etag);
  }
}
