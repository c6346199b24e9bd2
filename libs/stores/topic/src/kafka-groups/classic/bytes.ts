import type { TopicPartition } from '../../groups/topic-partition.ts';

/** Writes what members tell each other through their group: big endian, lengths before texts and lists. */
export class ByteWriter {
  readonly #parts: Buffer[] = [];

  int16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    return this.#add(bytes);
  }

  int32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return this.#add(bytes);
  }

  string(text: string): this {
    const bytes = Buffer.from(text);
    return this.int16(bytes.length).#add(bytes);
  }

  /** By topic, each with its numbers. */
  partitions(partitions: readonly TopicPartition[]): this {
    const byTopic = new Map<string, number[]>();
    for (const { topic, partition } of partitions) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
    this.int32(byTopic.size);
    for (const [topic, numbers] of byTopic) {
      this.string(topic).int32(numbers.length);
      for (const partition of numbers) this.int32(partition);
    }
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }
}

/** Reads the same; throws a RangeError at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    return this.#take(2).readInt16BE();
  }

  int32(): number {
    return this.#take(4).readInt32BE();
  }

  /** Of a list; every entry takes two bytes at least. */
  count(): number {
    const count = this.int32();
    if (count < 0 || count * 2 > this.#bytes.length - this.#position)
      throw new RangeError('a list ends behind its bytes');
    return count;
  }

  string(): string {
    return this.#take(this.int16()).toString();
  }

  skipBytes(): void {
    this.#take(Math.max(0, this.int32()));
  }

  partitions(): TopicPartition[] {
    const topics = Array.from({ length: this.count() }, () => {
      const topic = this.string();
      return Array.from({ length: this.count() }, () => ({ topic, partition: this.int32() }));
    });
    return topics.flat();
  }

  #take(length: number): Buffer {
    const end = this.#position + length;
    if (length < 0 || end > this.#bytes.length) throw new RangeError('the bytes end too early');
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
}
