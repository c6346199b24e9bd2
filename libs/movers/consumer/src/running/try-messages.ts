import type { Sleep } from '#libs/foundation/lifecycle';
import type { Queryable } from '#libs/foundation/postgres';
import type { HandledAs } from '../consumer-observer.ts';
import type { Delivery } from '../delivery.ts';
import { ownHeaders } from '../failure/failure-history.ts';
import type { Inbox } from '../ports/inbox.ts';
import type { DecodedRecord } from '../ports/decoder.ts';
import type { Transactions } from '../ports/transactions.ts';
import type { SubscriptionSettings } from '../subscription/subscription-settings.ts';
import type { Origin, PlannedOffset } from './origin.ts';
import { placeOf, type QueuedMessage } from './queued-message.ts';
import { cancelled, withinTime } from './within-time.ts';

export interface DecodedMessage {
  readonly message: QueuedMessage;
  readonly decoded: DecodedRecord;
}

/**
 * How far a try was when it failed: `before` the handler nothing of the message took part; `handler` is what it threw itself;
 * `after` is the rest, which a handler may have broken: an offset that was refused, a constraint that is checked at the commit.
 */
export type TryPhase = 'before' | 'handler' | 'after';

export type TryResult =
  | { readonly ok: true; readonly ended: readonly (HandledAs | 'gone')[] }
  | { readonly ok: false; readonly phase: TryPhase; readonly error: unknown };

export interface TryParts<Tx> {
  readonly settings: SubscriptionSettings<Tx>;
  readonly transactions: Transactions<Tx>;
  readonly inbox: Inbox;
  readonly sleep: Sleep;
}

/** One try: the messages, all of one origin, in one transaction with their inbox rows and, where it may be, the offset. */
export async function tryMessages<Tx>(
  parts: TryParts<Tx>,
  origin: Origin,
  messages: readonly DecodedMessage[],
): Promise<TryResult> {
  const transaction = new TryTransaction(parts, origin, messages);
  let committed = false;
  try {
    const ended = await parts.transactions.run((tx) => transaction.work(tx));
    committed = true;
    return { ok: true, ended };
  } catch (error) {
    if (transaction.isGone) return { ok: true, ended: messages.map(() => 'gone') };
    // A transaction may have wrapped or translated what the handler threw.
    return {
      ok: false,
      phase: transaction.phase,
      error: transaction.thrown === undefined ? error : transaction.thrown.error,
    };
  } finally {
    transaction.offset?.settle(committed);
  }
}

class TryTransaction<Tx> {
  phase: TryPhase = 'before';
  thrown: { readonly error: unknown } | undefined;
  offset: PlannedOffset | null = null;
  isGone = false;
  readonly #parts: TryParts<Tx>;
  readonly #origin: Origin;
  readonly #messages: readonly DecodedMessage[];

  constructor(parts: TryParts<Tx>, origin: Origin, messages: readonly DecodedMessage[]) {
    this.#parts = parts;
    this.#origin = origin;
    this.#messages = messages;
  }

  async work(tx: Tx): Promise<HandledAs[]> {
    const { transactions } = this.#parts;
    const queryable = await transactions.queryable(tx);
    if (!(await this.#origin.claim(queryable))) {
      this.isGone = true;
      // Whatever claiming took instead is put back by the rollback.
      throw cancelled(placeOf(this.#messages[0]!.message.record));
    }
    const ended = await this.#sort(queryable);
    const fresh = this.#messages.filter((_, index) => ended[index] === 'handled');
    if (fresh.length > 0) await this.#handle(tx, fresh);
    this.phase = 'after';
    await this.#settleFailures(queryable, ended);
    const first = this.#messages[0]!.message.record;
    if (this.#origin.lost.aborted) throw cancelled(placeOf(first));
    this.offset = this.#origin.planOffset(this.#messages.map(({ message }) => message.record.offset));
    await this.offset?.write(queryable);
    return ended;
  }

  /** Which messages go to the handler (`handled`), and why the others do not. */
  async #sort(tx: Queryable): Promise<HandledAs[]> {
    const { settings, inbox } = this.#parts;
    const blocked = await this.#blocked(tx);
    const ids = this.#messages.map(({ message }) => message.record.messageId);
    const asked = [...new Set(ids.filter((_, index) => !blocked[index]))];
    const fresh = new Set(
      settings.inbox && asked.length > 0 ? await inbox.markHandled(tx, settings.group, asked) : asked,
    );
    const ended: HandledAs[] = [];
    for (const [index, { message }] of this.#messages.entries()) {
      if (blocked[index]) {
        await inbox.park(tx, settings.group, message.record);
        ended.push('parked');
      } else if (settings.inbox) {
        // Once per id: a batch may hold a message twice.
        ended.push(fresh.delete(message.record.messageId) ? 'handled' : 'duplicate');
      } else {
        ended.push('handled');
      }
    }
    return ended;
  }

  async #blocked(tx: Queryable): Promise<boolean[]> {
    const { settings, inbox } = this.#parts;
    const none = this.#messages.map(() => false);
    const { message } = this.#messages[0]!;
    if (settings.afterDeadLetter !== 'park' || message.tier > 0 || message.parked) return none;
    const keys = this.#messages.flatMap(({ message: { record } }) => (record.key === null ? [] : [record.key]));
    if (keys.length === 0) return none;
    const answers = [...(await inbox.blockedKeys(tx, settings.group, message.source, keys))];
    return this.#messages.map(({ message: { record } }) => (record.key === null ? false : answers.shift() === true));
  }

  async #handle(tx: Tx, fresh: readonly DecodedMessage[]): Promise<void> {
    const { settings, sleep } = this.#parts;
    const place = placeOf(fresh[0]!.message.record);
    this.phase = 'handler';
    try {
      await withinTime(
        (signal) => {
          const deliveries = fresh.map((one) => this.#delivery(tx, one, signal));
          return settings.handler.kind === 'batch'
            ? settings.handler.handle(deliveries)
            : settings.handler.handle(deliveries[0]!);
        },
        { place, timeoutMs: settings.timeoutMs, lost: this.#origin.lost, sleep },
      );
    } catch (error) {
      this.thrown = { error };
      throw error;
    }
  }

  #delivery(tx: Tx, { message, decoded }: DecodedMessage, signal: AbortSignal): Delivery<Tx> {
    const { settings } = this.#parts;
    const { record, history } = message;
    const headers = ownHeaders(record.headers);
    return {
      record,
      value: decoded.value,
      schema: decoded.schema,
      messageId: record.messageId,
      topic: message.source,
      partition: history.origin.partition,
      offset: history.origin.offset,
      key: record.key,
      headers,
      group: settings.group,
      subscription: settings.name,
      attempt: history.attempts + message.failed + 1,
      traceparent: headers.findLast(([name]) => name === 'traceparent')?.[1]?.toString('latin1') ?? null,
      tx,
      signal,
      place: placeOf(record),
    };
  }

  /** What came through a retry topic, or waited there for a message that was handled in another way, has failed no more. */
  async #settleFailures(tx: Queryable, ended: readonly HandledAs[]): Promise<void> {
    const { settings, inbox } = this.#parts;
    for (const [index, { message }] of this.#messages.entries()) {
      if (message.tier === 0 || ended[index] === 'parked') continue;
      const { record, history } = message;
      await inbox.settleFailure(tx, {
        group: settings.group,
        origin: history.origin,
        messageId: record.messageId,
        key: record.key,
      });
    }
  }
}
