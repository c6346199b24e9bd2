import type { KafkaClient } from '#libs/foundation/kafka';
import { describeError, TidemarkError } from '#libs/foundation/kernel';
import { Loop, systemSleep } from '#libs/foundation/lifecycle';
import type { Queryable } from '#libs/foundation/postgres';
import { ClusterReader } from '#libs/movers/publisher';
import type { CanaryResult } from '#libs/stores/log';
import { createTopic } from '#libs/stores/outbox';
import { messageIdOf } from '#libs/stores/topic';

/** Canaries of all clusters; a record of its own for each cluster and interval. */
export const CANARY_TOPIC = 'tidemark.canary';
const CANARY_RETENTION_MS = 3_600_000n;
const FETCH_BYTES = 65_536;
const RETRY_MS = 100;
/** For half a second: by then, whether the canary is still wanted is looked at again. */
const ATTEMPTS = 4;
/** A canary that cannot be read by then counts as failed. */
const DEADLINE_MS = 30_000;

export interface CanaryParts {
  readonly cluster: string;
  readonly intervalMs: number;
  /** Outside of any transaction: each statement commits by itself. */
  readonly db: Queryable;
  readonly client: Pick<KafkaClient, 'metadata' | 'listOffsets' | 'fetch'>;
  /** Name of the canary topic on the cluster. */
  readonly clusterTopic: string;
  /** Whether this instance publishes to the cluster: only one sends canaries. */
  readonly publishing: () => boolean;
  readonly told: (result: CanaryResult) => Promise<void>;
  /** The outbox or the store of results did not answer; it is tried again. */
  readonly failed: (error: unknown) => void;
}

/** Sends a message through the outbox at each interval, and measures how long it takes until it can be read on the cluster. */
export function canaryLoop(parts: CanaryParts): Loop {
  let topicMade = false;
  return new Loop({
    name: `canary of ${parts.cluster}`,
    step: async (signal) => {
      if (!parts.publishing()) return { waitMs: Math.min(parts.intervalMs, 1_000) };
      topicMade ||= await makeTopic(parts.db);
      const startedAt = performance.now();
      const result = await measure(parts, signal);
      if (result !== undefined) await parts.told(result);
      return { waitMs: Math.max(0, parts.intervalMs - (performance.now() - startedAt)) };
    },
    onError: (error) => {
      parts.failed(error);
      return { waitMs: parts.intervalMs };
    },
  });
}

async function makeTopic(db: Queryable): Promise<true> {
  try {
    await createTopic(db, CANARY_TOPIC, { partitions: 1, retentionMs: CANARY_RETENTION_MS });
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== 'TOPIC_EXISTS') throw error;
  }
  return true;
}

/** Undefined when this instance stopped publishing meanwhile. */
async function measure(parts: CanaryParts, signal: AbortSignal): Promise<CanaryResult | undefined> {
  const { client, clusterTopic: topic, publishing } = parts;
  const reader = new ClusterReader({
    client,
    topic,
    sleep: systemSleep,
    random: Math.random,
    signal,
    attempts: ATTEMPTS,
  });
  let sentAt = new Date();
  let failure = `not readable ${DEADLINE_MS / 1_000} s after its commit`;
  try {
    // Asked before the message is written, so that the message cannot be passed; from the beginning where nobody can tell.
    const bounds = await reader.bounds(0).catch(notYet);
    let offset = bounds instanceof TidemarkError ? 0n : bounds.endOffset;
    sentAt = new Date();
    const messageId = await send(parts, sentAt);
    const committed = performance.now();
    while (performance.now() - committed < DEADLINE_MS) {
      if (!publishing() || signal.aborted) return undefined;
      const page = await reader.fetch(0, offset, FETCH_BYTES).catch(notYet);
      if (page instanceof TidemarkError) {
        failure = describeError(page);
        await systemSleep(RETRY_MS, signal);
        continue;
      }
      if (page.records.some((record) => messageIdOf(record) === messageId))
        return { sentAt, readableMs: performance.now() - committed, failure: null };
      offset = page.logStartOffset > page.nextOffset ? page.logStartOffset : page.nextOffset;
    }
  } catch (error) {
    return signal.aborted ? undefined : { sentAt, readableMs: null, failure: describeError(error) };
  }
  return { sentAt, readableMs: null, failure };
}

/** The topic may still be being created, or its leader be changing: what was answered counts only when the time is over. */
function notYet(error: unknown): TidemarkError {
  if (error instanceof TidemarkError && (error.retryable || error.code === 'KAFKA_REFUSED')) return error;
  throw error;
}

/** The business transaction of a canary is this one statement: it has committed when its answer is there. */
async function send({ db, cluster }: CanaryParts, sentAt: Date): Promise<string> {
  const payload = JSON.stringify({ cluster, sentAt: sentAt.toISOString() });
  const result = await db.query<{ id: string }>('select outbox.emit($1, $2, $3, null, 0) as id', [
    CANARY_TOPIC,
    cluster,
    payload,
  ]);
  return result.rows[0]!.id;
}
