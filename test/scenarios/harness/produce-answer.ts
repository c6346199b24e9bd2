/** What a broker says of one batch. */
export interface BatchVerdict {
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: bigint;
}

const CORRELATION_ID = 4;
const TOPIC_ID = 16;
const APPEND_TIME_AND_LOG_START = 16;
/** From these versions on: lengths as varints and tagged fields; topics by id. */
const FLEXIBLE = 9;
const BY_ID = 13;

/** Reads the bytes of an answer to a produce request (version 8 or later), without the length prefix. */
export function readProduceAnswer(answer: Buffer, version: number): BatchVerdict[] {
  const fields = new AnswerFields(answer, version >= FLEXIBLE);
  fields.skip(CORRELATION_ID);
  fields.tags();
  const verdicts: BatchVerdict[] = [];
  for (let topics = fields.length(); topics > 0; topics -= 1) {
    if (version >= BY_ID) fields.skip(TOPIC_ID);
    else fields.text();
    for (let partitions = fields.length(); partitions > 0; partitions -= 1) {
      verdicts.push({ partition: fields.int32(), errorCode: fields.int16(), baseOffset: fields.int64() });
      fields.skip(APPEND_TIME_AND_LOG_START);
      for (let errors = fields.length(); errors > 0; errors -= 1) {
        fields.int32();
        fields.text();
        fields.tags();
      }
      fields.text();
      fields.tags();
    }
    fields.tags();
  }
  return verdicts;
}

class AnswerFields {
  readonly #bytes: Buffer;
  readonly #flexible: boolean;
  #at = 0;

  constructor(bytes: Buffer, flexible: boolean) {
    this.#bytes = bytes;
    this.#flexible = flexible;
  }

  skip(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.skip(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.skip(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.skip(8));
  }

  /** Of an array. */
  length(): number {
    return this.#flexible ? this.#varint() - 1 : this.int32();
  }

  /** Skips a text, which may be null. */
  text(): void {
    this.skip(Math.max(0, this.#flexible ? this.#varint() - 1 : this.int16()));
  }

  tags(): void {
    if (!this.#flexible) return;
    for (let left = this.#varint(); left > 0; left -= 1) {
      this.#varint();
      this.skip(this.#varint());
    }
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.skip(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
}
