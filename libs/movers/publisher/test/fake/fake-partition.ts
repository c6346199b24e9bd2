import type { VirtualTime } from './virtual-time.ts';
import { type Entry, ReplicaLog } from './replica-log.ts';
import type { WireBatch } from './wire-batch.ts';

export interface PartitionSettings {
  readonly maxBatchBytes: number;
  readonly producerExpiryMs: number;
  readonly timestampBeforeMs: number;
  readonly timestampAfterMs: number;
  /** Kafka's rule; others take no first sequence but 0 from a producer that they do not know. */
  readonly anyFirstSequence: boolean;
}

export interface AppendOutcome {
  readonly errorCode: number;
  readonly baseOffset: bigint;
}

/** A partition with its replicas: a leader that takes batches, followers that copy them, a high watermark. */
export class FakePartition {
  readonly replicas = new Map<number, ReplicaLog>();
  settings: PartitionSettings;
  readonly #time: VirtualTime;
  readonly #onChange: () => void;
  leader: number;
  leaderEpoch = 0;
  inSync: Set<number>;
  highWatermark = 0;
  /** Followers that copy nothing now. */
  readonly lagging = new Set<number>();
  writable = true;
  /** Batches of known producers that were answered again without being appended. */
  duplicates = 0;

  constructor(
    brokers: readonly number[],
    leader: number,
    settings: PartitionSettings,
    time: VirtualTime,
    onChange: () => void,
  ) {
    this.#onChange = onChange;
    for (const broker of brokers) this.replicas.set(broker, new ReplicaLog());
    this.leader = leader;
    this.inSync = new Set(brokers);
    this.settings = settings;
    this.#time = time;
  }

  get log(): ReplicaLog {
    return this.replicas.get(this.leader)!;
  }

  /** What the leader says at once: appended (but not replicated yet), a duplicate, or refused. */
  append(batch: WireBatch): AppendOutcome & { readonly end: number } {
    const refused = (errorCode: number): AppendOutcome & { end: number } => ({ errorCode, baseOffset: -1n, end: 0 });
    if (!this.writable) return refused(29);
    if (batch.bytes > this.settings.maxBatchBytes) return refused(10);
    const now = this.#time.clock.now();
    for (const { timestampMs } of batch.entries)
      if (timestampMs < now - this.settings.timestampBeforeMs || timestampMs > now + this.settings.timestampAfterMs)
        return refused(32);
    const { place } = batch;
    const first = place !== undefined && !this.log.producers.has(place.producerId);
    if (first && place.baseSequence !== 0 && !this.settings.anyFirstSequence) return refused(45);
    const verdict = batch.place === undefined ? undefined : this.log.check(batch.place, batch.entries.length);
    if (verdict !== undefined) {
      if (verdict.duplicate) this.duplicates += 1;
      const end = verdict.baseOffset + batch.entries.length;
      return { errorCode: verdict.errorCode, baseOffset: BigInt(verdict.baseOffset), end };
    }
    const base = this.log.append(batch.entries);
    this.#advance();
    this.#onChange();
    return { errorCode: 0, baseOffset: BigInt(base), end: this.log.end };
  }

  /** Followers copy what the leader has; what they have and it has not is dropped. */
  replicate(alive: ReadonlySet<number>): void {
    if (!alive.has(this.leader)) return;
    const { log } = this;
    for (const [broker, replica] of this.replicas) {
      if (broker === this.leader || !alive.has(broker) || this.lagging.has(broker)) continue;
      const common = commonPrefix(log.entries, replica.entries);
      replica.truncate(common, this.#time.clock.now(), this.settings.producerExpiryMs);
      while (replica.end < log.end) {
        const { count } = log.entries[replica.end]!.batch;
        replica.append(log.entries.slice(replica.end, replica.end + count));
      }
      this.inSync.add(broker);
    }
    this.#advance();
  }

  /** A follower that lags for long no longer counts. */
  shrink(): void {
    for (const broker of this.lagging) if (broker !== this.leader) this.inSync.delete(broker);
    this.#advance();
  }

  /** The broker becomes leader with what it has; records of others that it does not have are lost to everybody. */
  elect(broker: number): void {
    this.leader = broker;
    this.leaderEpoch += 1;
    this.inSync = new Set([broker]);
    this.lagging.delete(broker);
    this.highWatermark = Math.min(this.highWatermark, this.log.end);
    this.#advance();
    this.#onChange();
  }

  /** The leader comes back without its newest records, and the others follow it. */
  loseEnd(records: number): void {
    this.log.truncate(Math.max(0, this.log.end - records), this.#time.clock.now(), this.settings.producerExpiryMs);
    this.elect(this.leader);
  }

  expire(): void {
    for (const replica of this.replicas.values())
      replica.expire(this.#time.clock.now(), this.settings.producerExpiryMs);
  }

  appendForeign(entries: readonly Entry[]): void {
    this.log.append(entries);
    this.#advance();
    this.#onChange();
  }

  /** All followers copy again. */
  heal(): void {
    this.lagging.clear();
    this.writable = true;
    this.#onChange();
  }

  #advance(): void {
    const ends = [...this.inSync].map((broker) => this.replicas.get(broker)!.end);
    this.highWatermark = Math.max(Math.min(this.highWatermark, this.log.end), Math.min(...ends));
  }
}

function commonPrefix(one: readonly Entry[], other: readonly Entry[]): number {
  let end = Math.min(one.length, other.length);
  while (end > 0 && one[end - 1] !== other[end - 1]) end -= 1;
  return end;
}
