import { assert, TidemarkError } from '#libs/foundation/kernel';
import type { Database } from '#libs/foundation/postgres';
import { findStoredAnswer, type StoredAnswer } from './find-stored-answer.sql.ts';
import { insertAuditEntry } from './insert-audit-entry.sql.ts';
import { lockIdempotencyKey } from './lock-idempotency-key.sql.ts';
import { ANSWERS_KEPT_HOURS } from './purge-answers.ts';
import { storeAnswer } from './store-answer.sql.ts';
import type { WriteRequest } from './write-request.ts';

/** A client inside of the transaction of a write. */
export type WriteTransaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** What the audit says about a write. */
export interface AuditedAction {
  /** What is done, as `noun.verb`: `topic.create`. */
  readonly action: string;
  /** To what: the name of a topic, group, or the like. */
  readonly target: string;
  /** The settings that were chosen. Never payloads or secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Answers of writes are receipts; a larger one is a defect of the endpoint. */
const ANSWER_BYTES_MAX = 1_048_576;

/**
 * Runs writes so that the change, its audit entry and the answer for repeats commit in one transaction: either all of
 * them are there, or none.
 */
export class Writes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Runs `work` and gives its answer. With an Idempotency-Key, a repeat of the same request is given the stored answer
   * without doing the work again; only answers of writes that committed are stored, so that a failed one can be tried
   * again under its key. Throws IDEMPOTENCY_KEY_REUSED for another request under the key, IDEMPOTENCY_KEY_IN_USE while
   * the first is running, and whatever `work` throws, after undoing everything.
   */
  async run<T>(request: WriteRequest, audited: AuditedAction, work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (tx) => {
      const stored = await claimKey(tx, request);
      if (stored !== undefined) {
        request.onReplayed();
        return (stored.response === null ? undefined : JSON.parse(stored.response)) as T;
      }
      const answer = await work(tx);
      await insertAuditEntry(tx, { ...audited, actor: request.actor, requestId: request.requestId });
      await keepAnswer(tx, request, answer);
      return answer;
    });
  }
}

async function claimKey(tx: WriteTransaction, request: WriteRequest): Promise<StoredAnswer | undefined> {
  const { actor, idempotencyKey: key, operation } = request;
  if (key === undefined) return undefined;
  if (!(await lockIdempotencyKey(tx, actor.name, key))) {
    throw new TidemarkError('IDEMPOTENCY_KEY_IN_USE', `The request with the idempotency key ${key} is still running.`);
  }
  const stored = await findStoredAnswer(tx, actor.name, key, ANSWERS_KEPT_HOURS);
  if (stored === undefined || stored.requestHash === request.fingerprint()) return stored;
  const what = stored.operation === operation ? 'with other content' : `for ${stored.operation}`;
  throw new TidemarkError('IDEMPOTENCY_KEY_REUSED', `The idempotency key ${key} was used before ${what}.`);
}

async function keepAnswer(tx: WriteTransaction, request: WriteRequest, answer: unknown): Promise<void> {
  if (request.idempotencyKey === undefined) return;
  const response = answer === undefined ? null : JSON.stringify(answer);
  assert(
    response === null || Buffer.byteLength(response) <= ANSWER_BYTES_MAX,
    `the answer of ${request.operation} is too large to be stored`,
  );
  await storeAnswer(tx, {
    actor: request.actor.name,
    key: request.idempotencyKey,
    operation: request.operation,
    requestHash: request.fingerprint(),
    response,
  });
}
