import { FakePartition, type PartitionSettings } from './fake-partition.ts';
import { entriesOf } from './wire-batch.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface FakeTopic {
  readonly id: string;
  readonly partitions: FakePartition[];
  readonly configs: Map<string, string>;
}

const REPLICATION_MS = 3;

export const GENEROUS: PartitionSettings = {
  maxBatchBytes: 1_048_588,
  producerExpiryMs: 86_400_000,
  timestampBeforeMs: Infinity,
  timestampAfterMs: Infinity,
  anyFirstSequence: true,
};

/** Brokers, topics and what goes wrong with them; the network in front is FakeClient's. */
export class FakeCluster {
  readonly time: VirtualTime;
  readonly clusterId = 'fake-cluster';
  readonly alive: Set<number>;
  readonly brokers: readonly number[];
  readonly topics = new Map<string, FakeTopic>();
  settings: PartitionSettings = GENEROUS;
  /** Api keys that the brokers offer. */
  readonly abilities = new Set([0, 1, 2, 3, 22, 23, 61]);
  throttleMs = 0;
  /** Least brokers in sync that a batch needs. */
  minInSync = 1;
  #nextProducer = 4_000n;
  #nextTopic = 1;
  #replicating = false;

  constructor(time: VirtualTime, brokers: readonly number[] = [1, 2, 3]) {
    this.time = time;
    this.brokers = brokers;
    this.alive = new Set(brokers);
  }

  /** Followers copy soon. To be called when there may be something to copy. */
  touch(): void {
    if (this.#replicating) return;
    this.#replicating = true;
    this.time.after(REPLICATION_MS, () => {
      this.#replicating = false;
      for (const { partitions } of this.topics.values()) for (const each of partitions) each.replicate(this.alive);
    });
  }

  newProducer(): bigint {
    this.#nextProducer += 1n;
    return this.#nextProducer;
  }

  createTopic(name: string, partitions: number, configs: Iterable<readonly [string, string]> = []): FakeTopic {
    const topic: FakeTopic = { id: `topic-${this.#nextTopic}`, partitions: [], configs: new Map(configs) };
    this.#nextTopic += 1;
    this.topics.set(name, topic);
    this.extend(name, partitions);
    return topic;
  }

  extend(name: string, partitions: number): void {
    const topic = this.topics.get(name)!;
    for (let index = topic.partitions.length; index < partitions; index += 1)
      topic.partitions.push(
        new FakePartition(this.brokers, this.brokers[index % this.brokers.length]!, this.settings, this.time, () =>
          this.touch(),
        ),
      );
  }

  partition(name: string, index: number): FakePartition | undefined {
    return this.topics.get(name)?.partitions[index];
  }

  /** Another producer writes. */
  appendForeign(name: string, index: number, count: number): void {
    const record = { key: null, value: Buffer.from('foreign'), headers: [], timestampMs: this.time.clock.now() };
    this.partition(name, index)?.appendForeign(
      entriesOf(
        Array.from({ length: count }, () => record),
        undefined,
      ),
    );
  }

  /** Leadership goes to a replica that is in sync, where there is one. */
  moveLeaderFrom(broker: number): void {
    for (const { partitions } of this.topics.values())
      for (const each of partitions) {
        if (each.leader !== broker) continue;
        const next = [...each.inSync].find((other) => other !== broker && this.alive.has(other));
        if (next !== undefined) each.elect(next);
      }
  }

  stopBroker(broker: number): void {
    this.alive.delete(broker);
    this.moveLeaderFrom(broker);
    for (const { partitions } of this.topics.values())
      for (const each of partitions) if (each.leader !== broker) each.inSync.delete(broker);
  }

  startBroker(broker: number): void {
    this.alive.add(broker);
    this.touch();
  }
}
