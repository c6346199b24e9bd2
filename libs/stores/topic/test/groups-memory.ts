import type { GroupView, OwnedPartition } from '../src/groups/group.ts';
import type {
  CommitRequest,
  GroupCoordinator,
  HeartbeatRequest,
  JoinRequest,
  LeaveRequest,
  ReadRange,
  RecordRead,
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
  readonly left: LeaveRequest[] = [];

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

  async leave(request: LeaveRequest): Promise<void> {
    this.left.push(request);
  }

  async commit(request: CommitRequest): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.commits.push(request);
  }
}

/** Topic `t`: records of a given size, at 1,000 offsets of each of three partitions unless told otherwise. */
export class MemorySource implements RecordSource {
  readonly reads: { partition: number; fromOffset: bigint; maxBytes: number }[] = [];
  startOffset = 0n;
  endOffset = 1_000n;
  hasLostItsEnd = false;
  /** Offsets without a record, from (inclusive) and to (exclusive); a read that begins in one answers nothing else. */
  hole: { from: bigint; to: bigint } | undefined;
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
  ): Promise<RecordRead> {
    this.reads.push({ partition, fromOffset, maxBytes: limits.maxBytes });
    await this.gate;
    const inHole = (offset: bigint): boolean =>
      this.hole !== undefined && offset >= this.hole.from && offset < this.hole.to;
    if (inHole(fromOffset)) return { records: [], nextOffset: this.hole!.to };
    const countMax = Math.max(1, Math.min(limits.maxRecords, Math.floor(limits.maxBytes / this.#recordBytes)));
    const records: TopicRecord[] = [];
    let offset = fromOffset;
    for (; offset < this.endOffset && records.length < countMax; offset += 1n)
      if (!inHole(offset)) records.push(this.#record(topic, partition, offset));
    while (inHole(offset)) offset += 1n;
    return { records, nextOffset: offset };
  }

  async ranges(): Promise<ReadRange[]> {
    const { startOffset, endOffset, hasLostItsEnd } = this;
    return [0, 1, 2].map((partition) => ({ partition, startOffset, endOffset, hasLostItsEnd }));
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
