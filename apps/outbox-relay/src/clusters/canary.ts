import type { KafkaClient } from '#libs/foundation/kafka';
import { describeError, TidemarkError } from '#libs/foundation/kernel';
import { Loop, systemSleep } from '#libs/foundation/lifecycle';
import type { Queryable } from '#libs/foundation/postgres';
import type { CanaryResult } from '#libs/stores/log';
import { createTopic } from '#libs/stores/outbox';
import { messageIdOf } from '#libs/stores/topic';

/** Canaries of all clusters; a record of its own for each cluster and interval. */
export const CANARY_TOPIC = 'tidemark.canary';
const CANARY_RETENTION_MS = 3_600_000n;
const FETCH_BYTES = 65_536;
const FETCH_WAIT_MS = 250;
const RETRY_MS = 100;
/** A canary that cannot be read by then counts as failed. */
const DEADLINE_MS = 30_000;

export interface CanaryParts {
  readonly cluster: string;
  readonly intervalMs: number;
  /** Outside of any transaction: each statement commits by itself. */
  readonly db: Queryable;
  readonly client: KafkaClient;
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
  const { client, clusterTopic: topic } = parts;
  const sentAt = new Date();
  try {
    // Asked before the message is written, so that the message cannot be passed.
    let place = await endOf(client, topic);
    const messageId = await send(parts, sentAt);
    const committed = performance.now();
    while (performance.now() - committed < DEADLINE_MS) {
      if (!parts.publishing() || signal.aborted) return undefined;
      const page = place === undefined ? undefined : await fetchFrom(client, topic, place);
      if (page?.records.some((record) => messageIdOf(record) === messageId))
        return { sentAt, readableMs: performance.now() - committed, failure: null };
      if (place !== undefined && page !== undefined) {
        place = { ...place, offset: page.nextOffset };
        continue;
      }
      // The topic is being created, or its leader has changed.
      await systemSleep(RETRY_MS, signal);
      const leader = await leaderOf(client, topic);
      place = leader < 0 ? undefined : { broker: leader, offset: place?.offset ?? 0n };
    }
  } catch (error) {
    return { sentAt, readableMs: null, failure: describeError(error) };
  }
  return { sentAt, readableMs: null, failure: `not readable ${DEADLINE_MS / 1_000} s after its commit` };
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

interface Place {
  readonly broker: number;
  readonly offset: bigint;
}

async function fetchFrom(client: KafkaClient, topic: string, { broker, offset }: Place) {
  const [page] = await client.fetch(broker, [{ topic, partition: 0, offset, maxBytes: FETCH_BYTES }], FETCH_WAIT_MS);
  return page?.errorCode === 0 ? page : undefined;
}

/** Where the next record will be; undefined before the topic is there. */
async function endOf(client: KafkaClient, topic: string): Promise<Place | undefined> {
  const broker = await leaderOf(client, topic);
  if (broker < 0) return undefined;
  const [listed] = await client.listOffsets(broker, [{ topic, partition: 0 }], 'latest');
  return listed === undefined || listed.errorCode !== 0 ? undefined : { broker, offset: listed.offset };
}

async function leaderOf(client: KafkaClient, topic: string): Promise<number> {
  const { topics } = await client.metadata([topic]);
  return topics[0]?.partitions[0]?.leader ?? -1;
}
