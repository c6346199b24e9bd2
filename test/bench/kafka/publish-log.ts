import { setTimeout as pause } from 'node:timers/promises';
import type { Compression, KafkaClient } from '#libs/foundation/kafka';
import type { Database } from '#libs/foundation/postgres';
import {
  postgresPublishSource,
  Publisher,
  PUBLISHER_DEFAULTS,
  type PublisherObserver,
  type PublishSource,
  routesOf,
  type TopicRules,
} from '#libs/movers/publisher';
import { PostgresClusterStore } from '#libs/stores/log';
import { kafkaRecordPlan, LogWatcher, readCursor } from '#libs/stores/topic';
import type { Recording } from './recording.ts';

const STOP_MS = 30_000;
const WITHIN_MS = 300_000;
const HEADERS = { schemaId: 'unless-in-value', debezium: false } as const;

export interface PublishTarget {
  readonly db: Database;
  readonly client: KafkaClient;
  /** Name of the cluster, which nothing was published to yet; topics get it as their prefix. */
  readonly cluster: string;
  readonly compression: Compression;
  /** The publisher is done when so many records are acked. */
  readonly records: number;
  readonly recording?: Recording;
}

export interface RunningPublisher {
  /** Resolves when all records are acked, on the clock of performance.now(); rejects when publishing fails. */
  readonly done: Promise<{ readonly firstReadAt: number; readonly ackedAt: number }>;
  /** Resolves when the topic is set up; where its partitions end is looked up when there is something for them. */
  setUp(partitions: number): Promise<void>;
  /** To be told by a sequencer in this process. */
  moved(cursor: bigint): void;
  stop(): Promise<void>;
}

/** A publisher with the relay's settings, in this process. The log may be filled already, or be filled meanwhile. */
export async function publishLog(target: PublishTarget): Promise<RunningPublisher> {
  const { db, cluster, client, recording } = target;
  const plan = kafkaRecordPlan('orders', `${cluster}.orders`, HEADERS);
  let firstReadAt = 0;
  let acked = 0;
  let trouble = 'none was seen';
  let [resolve, reject] = [(_ackedAt: number): void => undefined, (_error: unknown): void => undefined];
  const ended = new Promise<number>((onAcked, onError) => ([resolve, reject] = [onAcked, onError]));
  const watcher = new LogWatcher(
    () => readCursor(db),
    (error) => reject(error),
  );
  const source = postgresPublishSource(db, watcher);
  const timed: PublishSource = {
    ...source,
    read: (wanted, limits) => {
      if (firstReadAt === 0) firstReadAt = performance.now();
      return source.read(wanted, limits);
    },
  };
  const publisher = new Publisher(
    cluster,
    {
      client: recording?.sending(client) ?? client,
      store: new PostgresClusterStore(db),
      source: timed,
      observer: observerOf({
        acked: (records) => {
          acked += records;
          if (acked >= target.records) resolve(performance.now());
        },
        delayed: (what) => (trouble = what),
        failed: (what) => reject(new Error(`publishing failed: ${what}`)),
      }),
      routes: (topics) => routesOf(rulesOf(cluster), topics),
      planFor: () => plan,
    },
    {
      ...PUBLISHER_DEFAULTS,
      compression: target.compression,
      holder: `bench-${process.pid}`,
      info: { host: 'bench', pid: process.pid },
    },
  );
  const overdue = setTimeout(
    () =>
      reject(
        new Error(`${acked} of ${target.records} records are acked after ${WITHIN_MS} ms; last trouble: ${trouble}`),
      ),
    WITHIN_MS,
  );
  await watcher.start();
  await publisher.start();
  return {
    done: ended.then((ackedAt) => ({ firstReadAt, ackedAt })),
    setUp: async (partitions) => {
      const lanes = (): number => publisher.status().lanes.length + publisher.status().lanesLeftOut;
      while (lanes() < partitions) await Promise.race([ended, pause(10)]);
    },
    moved: (cursor) => void watcher.moved(cursor),
    stop: async () => {
      clearTimeout(overdue);
      await publisher.stop(STOP_MS);
      await watcher.stop(STOP_MS);
    },
  };
}

/** Every topic, with the cluster's name before its own. */
function rulesOf(cluster: string): TopicRules {
  return {
    include: [{ text: '*', alternatives: ['*'] }],
    exclude: [],
    naming: { prefix: `${cluster}.`, template: '${topic}', source: '' },
    replicationFactor: -1,
    configs: [],
  };
}

interface Told {
  readonly acked: (records: number) => void;
  /** Tried again: the leader of a new partition may not know it yet. */
  readonly delayed: (what: string) => void;
  readonly failed: (what: string) => void;
}

function observerOf({ acked, delayed, failed }: Told): PublisherObserver {
  const nothing = (): void => undefined;
  return {
    ledSince: (_term, mode, reason) => {
      if (mode !== 'exact') failed(`the mode is ${mode}: ${reason}`);
    },
    fellBack: (reason) => failed(reason),
    ledNoMore: (_term, reason) => {
      if (reason !== 'released') failed(reason);
    },
    failed: (loop, error) => delayed(`${loop}: ${String(error)}`),
    acked: (_lane, records) => acked(records),
    batchFailed: (_lane, rule) => failed(rule),
    stopped: (_lane, why, detail) => failed(`${why}: ${detail}`),
    blocked: (_lane, trouble) => delayed(trouble),
    inFlight: nothing,
    throttled: nothing,
    located: nothing,
    segmentOpened: nothing,
    quarantined: nothing,
    authorizationMissing: nothing,
    placeholderMade: nothing,
    timestampsClamped: nothing,
    recreated: nothing,
    topicRefused: (topic, detail) => failed(`${topic}: ${detail}`),
    topicWarning: nothing,
    expanded: nothing,
  };
}
