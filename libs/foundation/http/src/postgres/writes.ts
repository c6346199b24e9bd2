import { assert, TidemarkError } from '#libs/foundation/kernel';
import type { Database, Queryable } from '#libs/foundation/postgres';
import type { AuditedAction } from './audited-action.ts';
import { findStoredAnswer, type StoredAnswer } from './find-stored-answer.sql.ts';
import { insertAuditEntry } from './insert-audit-entry.sql.ts';
import { lockIdempotencyKey } from './lock-idempotency-key.sql.ts';
import type { OutsideResult, OutsideWrite } from './outside-write.ts';
import { ANSWERS_KEPT_HOURS } from './purge-answers.ts';
import { storeAnswer } from './store-answer.sql.ts';
import type { WriteRequest } from './write-request.ts';

/** A client inside of the transaction of a write. */
export type WriteTransaction = Parameters<Parameters<Database['transaction']>[0]>[0];

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
      if (stored !== undefined) return replayed(request, stored) as T;
      const answer = await work(tx);
      await this.#note(tx, request, audited);
      await keepAnswer(tx, request, answer);
      return answer;
    });
  }

  /**
   * Carries out a write that no transaction can undo and gives its answer: the intent is committed first, then it is
   * carried out, then its outcome is committed together with the answer for repeats. A repeat with the same
   * Idempotency-Key is given the stored answer; before that is there, it does the work again, also beside the first. Throws
   * what `plan` and `carryOut` throw, what Postgres says to the intent, and OUTCOME_NOT_RECORDED when it was carried out but
   * Postgres did not take that.
   */
  async runOutside<P, D, T>(request: WriteRequest, write: OutsideWrite<P, D>, answerOf: (done: D) => T): Promise<T> {
    const stored = await this.#database.transaction((tx) => claimKey(tx, request));
    if (stored !== undefined) return replayed(request, stored) as T;
    const plan = await write.plan();
    await this.#note(this.#database, request, write.intent(plan));
    const done = await this.#carryOut(request, write, plan);
    const answer = answerOf(done);
    try {
      await this.#database.transaction(async (tx) => {
        await this.#note(tx, request, write.outcome({ done }));
        if (await mayBeStored(tx, request)) await keepAnswer(tx, request, answer);
      });
    } catch (error) {
      const message = `${request.operation} was carried out, but Postgres did not take its outcome`;
      throw new TidemarkError('OUTCOME_NOT_RECORDED', message, { cause: error });
    }
    return answer;
  }

  async #carryOut<P, D>(request: WriteRequest, write: OutsideWrite<P, D>, plan: P): Promise<D> {
    try {
      return await write.carryOut(plan);
    } catch (failed) {
      const result: OutsideResult<D> = { failed };
      await this.#note(this.#database, request, write.outcome(result)).catch((unnoted: unknown) => {
        throw both(failed, unnoted);
      });
      throw failed;
    }
  }

  async #note(db: Queryable, request: WriteRequest, audited: AuditedAction): Promise<void> {
    await insertAuditEntry(db, { ...audited, actor: request.actor, requestId: request.requestId });
  }
}

function replayed(request: WriteRequest, { response }: StoredAnswer): unknown {
  request.onReplayed();
  return response === null ? undefined : JSON.parse(response);
}

/** What failed first is what the caller has to know. */
function both(failed: unknown, unnoted: unknown): Error {
  const cause = new AggregateError([failed, unnoted], 'a write failed, and the audit did not take that');
  if (!(failed instanceof TidemarkError)) return cause;
  const { code, message, context, remedy } = failed;
  return new TidemarkError(code, message, { context, remedy, cause });
}

/** False while another request with the key is at it, or was faster: its answer counts. */
async function mayBeStored(tx: WriteTransaction, { actor, idempotencyKey: key }: WriteRequest): Promise<boolean> {
  if (key === undefined || !(await lockIdempotencyKey(tx, actor.name, key))) return false;
  return (await findStoredAnswer(tx, actor.name, key, ANSWERS_KEPT_HOURS)) === undefined;
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
