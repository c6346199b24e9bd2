import type { GroupView, OwnedPartition } from '../src/groups/group.ts';
import type {
  CommitRequest,
  GroupCoordinator,
  HeartbeatRequest,
  JoinRequest,
  ReadRange,
  RecordSource,
} from '../src/groups/ports.ts';
import type { TopicPartition } from '../src/groups/topic-partition.ts';
import type { TopicRecord } from '../src/record.ts';

/** A coordinator that answers what a test sets, and notes what it was asked. */
export class ScriptedCoordinator implements GroupCoordinator {
  view: GroupView = { epoch: 1n, owned: [], revoke: [], waiting: [], unknownTopics: [] };
  failure: Error | undefined;
  readonly joins: JoinRequest[] = [];
  readonly heartbeats: HeartbeatRequest[] = [];
  readonly commits: CommitRequest[] = [];
  readonly left: string[] = [];

  own(owned: readonly OwnedPartition[], revoke: readonly TopicPartition[] = []): void {
    this.view = { ...this.view, owned, revoke };
  }

  async join(request: JoinRequest): Promise<GroupView> {
    if (this.failure !== undefined) throw this.failure;
    this.joins.push(request);
    return this.view;
  }

  async heartbeat(request: HeartbeatRequest): Promise<GroupView> {
    if (this.failure !== undefined) throw this.failure;
    this.heartbeats.push(request);
    const released = new Set(request.released.map((release) => release.partition));
    if (released.size > 0) this.own(this.view.owned.filter((owned) => !released.has(owned.partition)));
    return this.view;
  }

  async leave(request: { memberId: string }): Promise<void> {
    this.left.push(request.memberId);
  }

  async commit(request: CommitRequest): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.commits.push(request);
  }
}

/** Topic `t`: records of a given size, 1,000 in each of three partitions unless told otherwise. */
export class MemorySource implements RecordSource {
  readonly reads: { partition: number; fromOffset: bigint; maxBytes: number }[] = [];
  startOffset = 0n;
  endOffset = 1_000n;
  /** Reads wait for this, if set. */
  gate: Promise<void> | undefined;
  readonly #recordBytes: number;

  constructor(recordBytes = 100) {
    this.#recordBytes = recordBytes;
  }

  async read(
    topic: string,
    partition: number,
    fromOffset: bigint,
    limits: { maxRecords: number; maxBytes: number },
  ): Promise<TopicRecord[]> {
    this.reads.push({ partition, fromOffset, maxBytes: limits.maxBytes });
    await this.gate;
    const count = Math.max(
      1,
      Math.min(limits.maxRecords, Math.floor(limits.maxBytes / this.#recordBytes), Number(this.endOffset - fromOffset)),
    );
    return Array.from({ length: count }, (_, index) => this.#record(topic, partition, fromOffset + BigInt(index)));
  }

  async ranges(): Promise<ReadRange[]> {
    return [0, 1, 2].map((partition) => ({ partition, startOffset: this.startOffset, endOffset: this.endOffset }));
  }

  async cursor(): Promise<bigint> {
    return this.endOffset;
  }

  waitBeyond(_cursor: bigint, _timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #record(topic: string, partition: number, offset: bigint): TopicRecord {
    return {
      topic,
      partition,
      offset,
      position: offset,
      messageId: `${partition}-${offset}`,
      key: null,
      // The flat amount of recordBytes makes up for the rest.
      value: Buffer.alloc(this.#recordBytes - 200 > 0 ? this.#recordBytes - 200 : 0),
      headers: [],
      schemaId: null,
      time: new Date(0),
    };
  }
}
