import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { type ClusterStatus, readClusters } from '#libs/stores/log';
import { type ClusterTruth, clusterViolations } from './cluster-truth.ts';
import { CrashBench } from './crash-bench.ts';
import { readLog, readRuns, readTopics } from './read-cluster-truth.ts';
import type { RelayProcess } from './relay-process.ts';
import { verifyCluster } from './verify-cluster.ts';

/** The topics of a crash bench. */
const TOPICS = ['orders', 'audit'] as const;
const PUBLISHED_MS = 60_000;
const TAKEOVER_MS = 30_000;

/** How a relay reaches a cluster. */
export interface BenchCluster {
  /** For the relays; default: `readFrom`. */
  readonly bootstrap?: string;
  /** For the truth, past every proxy. */
  readonly readFrom: string;
  /** Further keys of the cluster's section. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A crash bench whose relays publish to clusters, and what is on them compared with Postgres. */
export class PublishBench {
  readonly crash: CrashBench;
  readonly #clusters: Readonly<Record<string, BenchCluster>>;
  readonly #folder: string;

  private constructor(crash: CrashBench, clusters: Readonly<Record<string, BenchCluster>>, folder: string) {
    this.crash = crash;
    this.#clusters = clusters;
    this.#folder = folder;
  }

  /** `crash`: default one on the server of the tests. */
  static async open(clusters: Readonly<Record<string, BenchCluster>>, crash?: CrashBench): Promise<PublishBench> {
    const folder = await mkdtemp(join(tmpdir(), 'tidemark-publish-'));
    const sections = Object.entries(clusters).map(([name, { bootstrap, readFrom, settings }]) => [
      name,
      // Short, so that what is lost on the way is noticed within a test.
      { bootstrapServers: bootstrap ?? readFrom, requestTimeoutMs: 5_000, connectTimeoutMs: 2_000, ...settings },
    ]);
    await writeFile(join(folder, 'clusters.json'), JSON.stringify({ clusters: Object.fromEntries(sections) }));
    return new PublishBench(crash ?? (await CrashBench.open()), clusters, folder);
  }

  relay(settings: Readonly<Record<string, string>> = {}): RelayProcess {
    return this.crash.relay({
      TIDEMARK_CLUSTERS_FILE: join(this.#folder, 'clusters.json'),
      TIDEMARK_SEQUENCER_LEASE_MS: '500',
      TIDEMARK_LOG_LEVEL: 'debug',
      ...settings,
    });
  }

  async status(cluster: string): Promise<ClusterStatus> {
    const status = (await readClusters(this.crash.db)).find(({ name }) => name === cluster);
    if (status === undefined) throw new Error(`nobody has published to ${cluster} yet`);
    return status;
  }

  /** Who publishes with a term above the given one and a lease that has not expired, as soon as somebody does. */
  publisherAfter(cluster: string, term = 0n, withinMs = TAKEOVER_MS): Promise<{ term: bigint; pid: number }> {
    return eventually(async () => {
      const status = await this.status(cluster);
      if (status.publisher === null || status.term <= term)
        throw new Error(`nobody publishes to ${cluster} after term ${term}, but in ${status.term}`);
      return { term: status.term, pid: status.publisher.pid ?? -1 };
    }, withinMs);
  }

  /** Log offsets before which Postgres knows the records to be on the cluster, by `topic/partition`. */
  async ackedByPartition(cluster: string): Promise<ReadonlyMap<string, bigint>> {
    const { rows } = await this.crash.db.query<{ partition: string; acked_offset: string }>(
      `select t.name || '/' || p.partition as partition, p.acked_offset
       from log.cluster_partition p
       join log.cluster c on c.id = p.cluster_id
       join outbox.topic t on t.id = p.topic_id
       where c.name = $1`,
      [cluster],
    );
    return new Map(rows.map(({ partition, acked_offset }) => [partition, BigInt(acked_offset)]));
  }

  /** Records that Postgres knows to be on the cluster. */
  async acked(cluster: string): Promise<bigint> {
    return [...(await this.ackedByPartition(cluster)).values()].reduce((sum, acked) => sum + acked, 0n);
  }

  /** Records of the log that are not known to be on the cluster. */
  async lag(cluster: string): Promise<bigint> {
    const { rows } = await this.crash.db.query<{ records: string }>(
      'select coalesce(sum(h.next_offset), 0) as records from log.head h',
    );
    return BigInt(rows[0]!.records) - (await this.acked(cluster));
  }

  /** Resolves once so many more records are on the cluster than now. */
  async progress(cluster: string, records = 1n, withinMs = TAKEOVER_MS): Promise<void> {
    const before = await this.acked(cluster);
    await eventually(async () => expect(await this.acked(cluster)).toBeGreaterThanOrEqual(before + records), withinMs);
  }

  /** Resolves once each partition has more records on the cluster than now. */
  async everyPartitionMoves(cluster: string, withinMs = TAKEOVER_MS): Promise<void> {
    const before = await this.ackedByPartition(cluster);
    await eventually(async () => {
      const now = await this.ackedByPartition(cluster);
      expect([...before].filter(([partition, acked]) => (now.get(partition) ?? 0n) <= acked)).toEqual([]);
    }, withinMs);
  }

  /**
   * Ends the writers, waits until all is sequenced and published, and compares the log with what was committed and every
   * cluster with the log: by the truth of these tests and by the product's own verification. Answers the records of a cluster.
   */
  async expectTruth(
    options: { readonly delta?: bigint; readonly isForeign?: ClusterTruth['isForeign'] } = {},
  ): Promise<number> {
    const { messages } = await this.crash.expectTruth(PUBLISHED_MS);
    const log = await readLog(this.crash.db, TOPICS);
    expect(log.length).toBe(messages.length);
    for (const [cluster, { readFrom }] of Object.entries(this.#clusters)) {
      await eventually(async () => expect(await this.#unpublished(cluster)).toEqual([]), PUBLISHED_MS);
      const runs = await readRuns(this.crash.db, cluster, TOPICS);
      const truth = { log, runs, cluster: await readTopics(readFrom, TOPICS) };
      const { isForeign } = options;
      expect(clusterViolations(isForeign === undefined ? truth : { ...truth, isForeign })).toEqual([]);
      expect([...new Set(runs.map(({ delta }) => delta))]).toEqual([options.delta ?? 0n]);
      const { compared, matching, findings } = await verifyCluster(this.crash.db, cluster, readFrom);
      expect({ compared, matching }).toEqual({ compared: BigInt(log.length), matching: BigInt(log.length) });
      expect(findings.filter(({ kind }) => isForeign === undefined || kind !== 'foreign')).toEqual([]);
    }
    return log.length;
  }

  /** How often each cause was given for where a partition goes on, by relays that logged it. */
  causes(relays: readonly RelayProcess[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const line of relays.flatMap(({ lines }) => lines)) {
      const cause = /"cause":"([a-z-]+)"/.exec(line)?.[1];
      if (cause !== undefined) counts[cause] = (counts[cause] ?? 0) + 1;
    }
    return counts;
  }

  async close(): Promise<void> {
    await this.crash.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #unpublished(cluster: string): Promise<unknown[]> {
    const { rows } = await this.crash.db.query(
      `select t.name, h.partition, h.next_offset, p.acked_offset, p.trouble
       from log.head h
       join outbox.topic t on t.id = h.topic_id
       left join log.cluster c on c.name = $1
       left join log.cluster_partition p
         on p.cluster_id = c.id and p.topic_id = h.topic_id and p.partition = h.partition
       where p.acked_offset is distinct from h.next_offset`,
      [cluster],
    );
    return rows;
  }
}
