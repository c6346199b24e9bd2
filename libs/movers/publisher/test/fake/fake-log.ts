import { DecodedRecords, type TopicRecord } from '#libs/stores/topic';
import type { LogHead, LogTopic, PublishSource, RecordRun, RunWanted } from '../../src/index.ts';
import type { VirtualTime } from './virtual-time.ts';

interface FakeLogPartition {
  start: number;
  /** By log offset; those before `start` are pruned. */
  readonly records: TopicRecord[];
}

/** The log in Postgres, as a publisher reads it. */
export class FakeLog implements PublishSource {
  readonly #time: VirtualTime;
  readonly #topics: LogTopic[] = [];
  readonly #partitions = new Map<string, FakeLogPartition>();
  #position = 0n;
  readonly #waiting = new Set<AbortController>();

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  addTopic(name: string, partitions: number): void {
    const topicId = this.#topics.length + 1;
    this.#topics.push({ topicId, name, partitions, messageMaxBytes: 1_000_000 });
    for (let index = 0; index < partitions; index += 1)
      this.#partitions.set(`${topicId}/${index}`, { start: 0, records: [] });
  }

  growTopic(topicId: number, partitions: number): void {
    const topic = this.#topics[topicId - 1]!;
    for (let index = topic.partitions; index < partitions; index += 1)
      this.#partitions.set(`${topicId}/${index}`, { start: 0, records: [] });
    this.#topics[topicId - 1] = { ...topic, partitions };
  }

  partition(topicId: number, partition: number): FakeLogPartition {
    return this.#partitions.get(`${topicId}/${partition}`)!;
  }

  append(topicId: number, partition: number, count: number, options: { bytes?: number; ageMs?: number } = {}): void {
    const { name } = this.#topics[topicId - 1]!;
    const { records } = this.partition(topicId, partition);
    for (let index = 0; index < count; index += 1) {
      this.#position += 1n;
      records.push({
        topic: name,
        partition,
        offset: BigInt(records.length),
        position: this.#position,
        messageId: `00000000-0000-4000-8000-${String(this.#position).padStart(12, '0')}`,
        key: Buffer.from('key'),
        value: Buffer.alloc(options.bytes ?? 50),
        headers: [],
        schemaId: null,
        time: new Date(this.#time.clock.now() - (options.ageMs ?? 0)),
      });
    }
    for (const waiting of this.#waiting) waiting.abort();
  }

  prune(topicId: number, partition: number, start: number): void {
    const found = this.partition(topicId, partition);
    found.start = Math.max(found.start, Math.min(start, found.records.length));
  }

  /** As after a restore from a backup: the newest records are gone, others take their offsets. */
  truncate(topicId: number, partition: number, end: number): void {
    this.partition(topicId, partition).records.length = end;
  }

  async topics(): Promise<readonly LogTopic[]> {
    await this.#time.sleep(1);
    return [...this.#topics];
  }

  async heads(sinceCursor: bigint): Promise<{ cursor: bigint; heads: readonly LogHead[] }> {
    await this.#time.sleep(1);
    const heads = [...this.#partitions].flatMap(([key, { start, records }]): LogHead[] => {
      const [topicId, partition] = key.split('/').map(Number) as [number, number];
      const position = records.at(-1)?.position ?? 0n;
      if (sinceCursor > 0n && position <= sinceCursor) return [];
      return [{ topicId, partition, startOffset: BigInt(start), endOffset: BigInt(records.length) }];
    });
    return { cursor: this.#position, heads };
  }

  async read(
    wanted: readonly RunWanted[],
    limits: { readonly maxRecords: number; readonly maxBytes: number },
  ): Promise<readonly RecordRun[]> {
    await this.#time.sleep(1);
    const runs: RecordRun[] = [];
    let left = limits.maxRecords;
    let bytes = limits.maxBytes;
    for (const { topicId, partition, offset } of wanted) {
      const found = this.partition(topicId, partition);
      const from = Number(offset);
      if (from < found.start) continue;
      const records: TopicRecord[] = [];
      while (left > 0 && bytes > 0 && from + records.length < found.records.length) {
        const record = found.records[from + records.length]!;
        records.push(record);
        left -= 1;
        bytes -= record.value?.length ?? 0;
      }
      if (records.length > 0) runs.push({ topicId, partition, offset, records, stored: new DecodedRecords(records) });
    }
    return runs;
  }

  async waitBeyond(cursor: bigint, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (this.#position > cursor) return;
    const arrived = new AbortController();
    this.#waiting.add(arrived);
    const wake = (): void => arrived.abort();
    signal?.addEventListener('abort', wake, { once: true });
    await this.#time.sleep(timeoutMs, arrived.signal);
    signal?.removeEventListener('abort', wake);
    this.#waiting.delete(arrived);
  }
}
