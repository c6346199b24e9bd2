import { mkdir, rm } from 'node:fs/promises';
import type { KafkaDistribution } from '../distribution/distribution.ts';
import { BrokerProcess } from './broker-process.ts';
import { formatStorage } from './format-storage.ts';
import { type Kept, loseTail, type Remains } from './lose-tail.ts';
import type { Reaper } from './reaper.ts';

const START_MS = 45_000;
const STOP_MS = 30_000;
const KILL_MS = 10_000;
const STARTED = 'Kafka Server started';

export interface BrokerPlace {
  /** Kafka's node id: 1, 2, 3. */
  readonly id: number;
  readonly properties: string;
  readonly dataDir: string;
  readonly clusterId: string;
  /** What `kafka-storage format` is told beside the cluster's id. */
  readonly formatArguments: readonly string[];
}

/** One broker of a test's cluster: it keeps its ports and its log folder over stops, kills and starts. */
export class KafkaBroker {
  readonly id: number;
  readonly #place: BrokerPlace;
  readonly #kafka: KafkaDistribution;
  readonly #reaper: Reaper;
  #process: BrokerProcess | undefined;

  constructor(place: BrokerPlace, kafka: KafkaDistribution, reaper: Reaper) {
    this.id = place.id;
    this.#place = place;
    this.#kafka = kafka;
    this.#reaper = reaper;
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  /** Its process; throws while it is down. */
  get pid(): number {
    return this.#alive.pid;
  }

  /** What it wrote since its last start, the oldest lines forgotten. */
  get lines(): readonly string[] {
    return this.#process?.lines ?? [];
  }

  /** Where its partitions' folders are. */
  get dataDir(): string {
    return this.#place.dataDir;
  }

  /** Starts it; resolves when the cluster has let it in, throws with its last lines otherwise. Needs a majority of the brokers. */
  async start(): Promise<void> {
    if (this.running) throw new Error(`broker ${this.id} runs already`);
    this.#process = new BrokerProcess(
      `broker ${this.id}`,
      this.#kafka,
      { main: 'kafka.Kafka', args: [this.#place.properties], logLevel: 'info' },
      this.#reaper,
    );
    await this.#process.said(STARTED, START_MS);
  }

  /** Ends it without a warning (default), also while it is paused; what it had not flushed is still in the system's cache. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const alive = this.#alive;
    alive.signal(signal);
    await alive.ended(signal === 'SIGKILL' ? KILL_MS : STOP_MS);
  }

  /** It keeps its connections and does nothing until `resume`. */
  pause(): void {
    this.#alive.signal('SIGSTOP');
  }

  resume(): void {
    this.#alive.signal('SIGCONT');
  }

  /** Shuts it down cleanly: it hands over its partitions and flushes. Killed where that takes more than 30 s, which is an error. */
  async stop(): Promise<void> {
    if (!this.running) return;
    const alive = this.#alive;
    alive.signal('SIGCONT');
    alive.signal('SIGTERM');
    try {
      await alive.ended(STOP_MS);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** While it is down: the end of a partition's log is gone, as when the machine lost power before it was flushed. */
  async loseUnflushed(topic: string, partition: number, kept: Kept): Promise<Remains> {
    this.#expectDown('lose a part of its log');
    return await loseTail(this.#place.dataDir, topic, partition, kept);
  }

  /** While it is down: its disk is empty and formatted anew. */
  async wipe(): Promise<void> {
    this.#expectDown('be wiped');
    await rm(this.#place.dataDir, { recursive: true, force: true });
    await this.format();
  }

  /** Prepares its folder for the cluster. */
  async format(): Promise<void> {
    await mkdir(this.#place.dataDir, { recursive: true });
    await formatStorage(this.#kafka, this.#place);
  }

  get #alive(): BrokerProcess {
    if (this.#process === undefined || !this.running) throw new Error(`broker ${this.id} is not running`);
    return this.#process;
  }

  #expectDown(purpose: string): void {
    if (this.running) throw new Error(`broker ${this.id} must be down to ${purpose}`);
  }
}
