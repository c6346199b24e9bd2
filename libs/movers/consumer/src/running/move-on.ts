import { backoffMs, TidemarkError } from '#libs/foundation/kernel';
import { describeFailure } from '../failure/error-description.ts';
import type { FailureFacts } from '../failure/failure-facts.ts';
import { failureHeaders } from '../failure/failure-headers.ts';
import { ownHeaders } from '../failure/failure-history.ts';
import type { ForwardedMessage } from '../ports/forwarder.ts';
import { sideTopics } from '../subscription/side-topics.ts';
import type { PlannedOffset } from './origin.ts';
import { placeOf, type QueuedMessage } from './queued-message.ts';
import type { RunParts } from './run-parts.ts';
import { cancelled } from './within-time.ts';

/** Why a message leaves, and to where. */
export interface Move {
  readonly error: unknown;
  readonly undecodable: boolean;
  readonly to: 'next-tier' | 'dead-letter';
}

/**
 * Moves messages to their next retry topic or the dlq: failure row, outbox row, blocked key and offset in one transaction. A
 * delivery that was moved before (a crash came before its offset was committed) is not moved again. Troubles are waited out: a
 * message is never dropped because its failure could not be written.
 */
export class MoveOn<Tx> {
  readonly #parts: RunParts<Tx>;

  constructor(parts: RunParts<Tx>) {
    this.#parts = parts;
  }

  /** Where it went; null when it is gone, or the consumer stops or has lost the partition first: then nothing has happened. */
  async run(message: QueuedMessage, move: Move): Promise<FailureFacts | null> {
    const { clock, random, sleep, troubles, troubleBackoff, observer } = this.#parts;
    const { origin } = message;
    const facts = this.#facts(message, move, new Date(clock.now()));
    const trouble = `moving ${placeOf(message.record)} to ${facts.sentTo}`;
    let slim = false;
    for (let failed = 0; !origin.lost.aborted; failed += 1) {
      try {
        await this.#write(message, facts, slim);
        troubles.clear(trouble);
        return facts;
      } catch (error) {
        if (origin.lost.aborted || error instanceof GoneError) break;
        if (isCode(error, 'MESSAGE_TOO_LARGE') && !slim) {
          slim = true;
          continue;
        }
        troubles.set(trouble, error);
        observer.failed?.(this.#parts.settings.group, trouble, error);
        if (origin.ending.aborted) break;
        await sleep(backoffMs(failed, troubleBackoff, random()), origin.ending);
        if (isCode(error, 'TOPIC_UNKNOWN')) await this.#ensureTopics(message.source);
      }
    }
    troubles.clear(trouble);
    return null;
  }

  async #write(message: QueuedMessage, facts: FailureFacts, slim: boolean): Promise<void> {
    const { transactions, inbox, forwarder, settings } = this.#parts;
    const { origin, record } = message;
    let offset: PlannedOffset | null = null;
    let committed = false;
    try {
      await transactions.run(async (tx) => {
        const queryable = await transactions.queryable(tx);
        if (!(await origin.claim(queryable))) throw new GoneError();
        if ((await inbox.recordFailure(queryable, facts)) === 'recorded') {
          await forwarder.forward(queryable, this.#forwarded(message, facts, slim));
          if (settings.afterDeadLetter === 'park' && message.tier === 0 && record.key !== null) {
            const key = { group: settings.group, topic: message.source, key: record.key };
            await inbox.blockKey(queryable, { ...key, messageId: record.messageId });
          }
        }
        if (origin.lost.aborted) throw cancelled(placeOf(record));
        offset = origin.planOffset([record.offset]);
        await offset?.write(queryable);
      });
      committed = true;
    } finally {
      (offset as PlannedOffset | null)?.settle(committed);
    }
  }

  #forwarded({ record }: QueuedMessage, facts: FailureFacts, slim: boolean): ForwardedMessage {
    const headers = [...ownHeaders(record.headers), ...failureHeaders(facts, this.#parts.settings.headers, slim)];
    const { messageId, key, value, schemaId } = record;
    return { topic: facts.sentTo, messageId, key, value, headers, schemaId };
  }

  #facts(message: QueuedMessage, { error, undecodable, to }: Move, now: Date): FailureFacts {
    const { settings, newId, appVersion } = this.#parts;
    const { record, history, tier } = message;
    const names = sideTopics(message.source, settings.group, settings.retryTiers.length);
    const next = to === 'next-tier' ? settings.retryTiers[tier] : undefined;
    return {
      group: settings.group,
      subscription: settings.name,
      origin: history.origin,
      delivery: { topic: record.topic, partition: record.partition, offset: record.offset },
      messageId: record.messageId,
      dlqId: history.dlqId ?? newId(),
      key: record.key,
      attempts: history.attempts + message.failed,
      firstFailedAt: history.firstFailedAt ?? now,
      failedAt: now,
      error: describeFailure(error),
      state: next === undefined ? 'dead' : 'retrying',
      sentTo: next === undefined ? names.dlq : names.retry[tier]!,
      dueAt: next === undefined ? null : new Date(now.getTime() + next.delayMs),
      sourceTime: history.sourceTime,
      sourceCluster: history.sourceCluster,
      schemaId: record.schemaId,
      appVersion,
      undecodable,
    };
  }

  /** A topic that was there at the start has gone. Should this fail, the next try says so. */
  async #ensureTopics(source: string): Promise<void> {
    const { settings, topics, observer } = this.#parts;
    const { retry, dlq } = sideTopics(source, settings.group, settings.retryTiers.length);
    try {
      await topics.ensure([...retry, dlq].map((topic) => ({ topic, source })));
    } catch (error) {
      observer.failed?.(settings.group, 'creating retry topics', error);
    }
  }
}

/** The message is not there any more. What was taken in its place goes back with the transaction. */
class GoneError extends Error {}

function isCode(error: unknown, code: string): boolean {
  return error instanceof TidemarkError && error.code === code;
}
