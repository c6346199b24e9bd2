import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafkaClient, type FetchedRecord, type KafkaClient, parseBootstrapServers } from '#libs/foundation/kafka';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { type KafkaCluster, type KafkaOptions, startKafka } from '#libs/foundation/testing-kafka';
import { AffineMap, readSegments, type Segment } from '#libs/stores/log';
import { sampleOf } from './metric-samples.ts';
import { RelayProcess } from './relay-process.ts';

const CLUSTER = 'main';
const FETCH_BYTES = 4_194_304;
const PUBLISHED_MS = 40_000;

export type ClusterSections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface StageOptions {
  readonly kafka?: KafkaOptions;
  /** Keys of the cluster `main` in the clusters file beside its address; or all sections, made once Kafka is up. */
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly clusters?: (kafka: KafkaCluster, folder: string) => Promise<ClusterSections>;
  /** Environment of the relay. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default true; otherwise `startRelay` does it. */
  readonly relay?: boolean;
}

/** What a partition of a topic has in Postgres and on a cluster. */
export interface PartitionState {
  readonly acked: bigint;
  readonly trouble: string | null;
  readonly segments: readonly Segment[];
}

/** A database of the test's own, a real Kafka, and a relay process that publishes the one to the other. */
export class PublishingStage {
  readonly database: TestDatabase;
  readonly kafka: KafkaCluster;
  readonly client: KafkaClient;
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  #relay: RelayProcess | undefined;
  #url = '';

  private constructor(
    database: TestDatabase,
    kafka: KafkaCluster,
    folder: string,
    environment: Readonly<Record<string, string>>,
  ) {
    this.database = database;
    this.kafka = kafka;
    this.#folder = folder;
    this.#environment = environment;
    const bootstrap = parseBootstrapServers(kafka.bootstrap);
    if (typeof bootstrap === 'string') throw new Error(bootstrap);
    const timeouts = { connectTimeoutMs: 5_000, requestTimeoutMs: 10_000 };
    this.client = createKafkaClient({ bootstrap, clientId: 'tidemark-test', ...timeouts });
  }

  static async open(options: StageOptions = {}): Promise<PublishingStage> {
    const database = await createTestDatabase();
    const kafka = await startKafka(options.kafka);
    const folder = await mkdtemp(join(tmpdir(), 'tidemark-stage-'));
    // A quarantine lasts as long as a request may take.
    const main = { bootstrapServers: kafka.bootstrap, requestTimeoutMs: 2_000, ...options.cluster };
    const clusters = (await options.clusters?.(kafka, folder)) ?? { [CLUSTER]: main };
    const stage = new PublishingStage(database, kafka, folder, {
      TIDEMARK_CLUSTERS_FILE: join(folder, 'clusters.json'),
      ...options.environment,
    });
    await stage.configure(clusters);
    if (options.relay ?? true) await stage.startRelay();
    return stage;
  }

  async close(): Promise<void> {
    if (this.#relay?.running === true) await this.#relay.kill();
    await this.client.close();
    await this.kafka.stop();
    await this.database.drop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get relay(): RelayProcess {
    if (this.#relay === undefined) throw new Error('no relay was started');
    return this.#relay;
  }

  get url(): string {
    return this.#url;
  }

  /** For relays that start from now on. */
  async configure(clusters: ClusterSections): Promise<void> {
    await writeFile(join(this.#folder, 'clusters.json'), JSON.stringify({ clusters }));
  }

  async startRelay(): Promise<void> {
    this.#relay = new RelayProcess(this.database.url, this.#environment);
    this.#url = await this.#relay.url();
  }

  /** As a deployment does it. */
  async stopRelay(): Promise<void> {
    this.relay.signal('SIGTERM');
    await this.relay.exited;
  }

  async createTopic(topic: string, partitions = 1): Promise<void> {
    await this.database.db.query('select outbox.create_topic($1, p_partitions => $2)', [topic, partitions]);
  }

  /** Messages with seven keys, each in a transaction of its own statement; `text` comes into every payload. */
  async emit(topic: string, messages: number, text = ''): Promise<void> {
    await this.database.db.query(
      `select outbox.emit($1, 'key ' || n % 7, jsonb_build_object('n', n, 'text', $3::text)) from generate_series(1, $2::int) n`,
      [topic, messages, text],
    );
  }

  /** The same, but written at another time. */
  async emitAt(topic: string, messages: number, writtenAt: Date): Promise<void> {
    await this.database.db.transaction(async (tx) => {
      await tx.query(
        `with written as materialized (
           select outbox.emit($1, 'key ' || n % 7, jsonb_build_object('n', n)) as id from generate_series(1, $2::int) n)
         select count(*) from written`,
        [topic, messages],
      );
      await tx.query(
        `update outbox.message m set created_at = $2
         where m.topic_id = (select id from outbox.topic where name = $1) and m.created_at >= now() - interval '1 minute'
           and m.xmin = pg_current_xact_id()::xid`,
        [topic, writtenAt],
      );
    });
  }

  /** Waits until all that was committed for a topic is on the cluster, as far as the relay knows. */
  async published(topic: string, cluster = CLUSTER, withinMs = PUBLISHED_MS): Promise<void> {
    await eventually(async () => {
      const { rows } = await this.database.db.query<{ lacking: string; cursor: string; trouble: string | null }>(
        `select s.cursor, (select count(*) from outbox.message m where m.id > s.cursor) + (
           select coalesce(sum(h.next_offset - greatest(coalesce(p.acked_offset, 0), h.start_offset)), 0)
           from outbox.topic t join log.head h on h.topic_id = t.id
           left join log.cluster c on c.name = $2
           left join log.cluster_partition p on p.cluster_id = c.id and p.topic_id = t.id and p.partition = h.partition
           where t.name = $1) as lacking,
           (select string_agg(p.trouble, '; ') from log.cluster_partition p) as trouble
         from log.sequencer s`,
        [topic, cluster],
      );
      const { lacking, trouble } = rows[0]!;
      if (lacking !== '0')
        throw new Error(`${cluster} lacks ${lacking} messages (${trouble ?? 'no trouble'})\n${this.lastLines()}`);
    }, withinMs);
  }

  lastLines(): string {
    return this.relay.lines.slice(-15).join('\n');
  }

  /** The partitions of a topic on a cluster, in order. */
  async partitions(topic: string, cluster = CLUSTER): Promise<readonly PartitionState[]> {
    const segments = await readSegments(this.database.db, cluster, topic);
    const { rows } = await this.database.db.query<{ acked_offset: string; trouble: string | null }>(
      `select p.acked_offset, p.trouble from log.cluster_partition p join log.cluster c on c.id = p.cluster_id
       join outbox.topic t on t.id = p.topic_id where c.name = $2 and t.name = $1 order by p.partition`,
      [topic, cluster],
    );
    return rows.map((row, index) => ({
      acked: BigInt(row.acked_offset),
      trouble: row.trouble,
      segments: segments[index]?.segments ?? [],
    }));
  }

  async mapOf(topic: string, partition = 0): Promise<AffineMap> {
    return new AffineMap((await this.partitions(topic))[partition]?.segments ?? []);
  }

  /** What a topic is on the cluster: its state and what is said of it. */
  async topicState(topic: string): Promise<{ readonly state: string; readonly detail: string } | undefined> {
    const { rows } = await this.database.db.query<{ state: string; detail: string }>(
      `select ct.state, ct.detail from log.cluster_topic ct join outbox.topic t on t.id = ct.topic_id where t.name = $1`,
      [topic],
    );
    return rows[0];
  }

  /** All records of a partition on the cluster, in order. */
  async records(topic: string, partition = 0): Promise<FetchedRecord[]> {
    const { topics } = await this.client.metadata([topic]);
    const broker = topics[0]?.partitions[partition]?.leader ?? -1;
    const [start] = await this.client.listOffsets(broker, [{ topic, partition }], 'earliest');
    const [end] = await this.client.listOffsets(broker, [{ topic, partition }], 'latest');
    const records: FetchedRecord[] = [];
    for (let offset = start!.offset; offset < end!.offset;) {
      const [page] = await this.client.fetch(broker, [{ topic, partition, offset, maxBytes: FETCH_BYTES }], 500);
      if (page!.errorCode !== 0) throw new Error(`Kafka error ${page!.errorCode} at ${topic}/${partition} ${offset}`);
      records.push(...page!.records);
      offset = page!.nextOffset;
    }
    return records;
  }

  /** The sum of a metric's samples that have these labels, as GET /metrics answers it; 0 without any. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const answer = await fetch(`${this.#url}/metrics`);
    return sampleOf(await answer.text(), `tidemark_${name}`, labels);
  }
}
