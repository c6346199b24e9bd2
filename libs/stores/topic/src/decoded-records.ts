import type { RecordBatchWriter } from '#libs/foundation/kafka';
import { kafkaRecordOf, type KafkaRecordPlan } from './kafka/kafka-record.ts';
import type { TopicRecord } from './record.ts';
import type { StoredRecords } from './stored-records.ts';

/** What a record takes beside its data, roughly: objects, and the headers that are added for a cluster. */
const OVERHEAD = 200;

/** Records that are there as objects. */
export class DecodedRecords implements StoredRecords {
  readonly #records: readonly TopicRecord[];
  #at = 0;
  #bytes: number;

  constructor(records: readonly TopicRecord[]) {
    this.#records = records;
    this.#bytes = records.reduce((sum, record) => sum + bytesOf(record), 0);
  }

  get count(): number {
    return this.#records.length - this.#at;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get firstTimeMs(): number {
    return this.first().time.getTime();
  }

  get firstPosition(): number {
    return Number(this.first().position);
  }

  get lastPosition(): number {
    return Number(this.#records.at(-1)!.position);
  }

  first(): TopicRecord {
    return this.#records[this.#at]!;
  }

  writeFirst(batch: RecordBatchWriter, plan: KafkaRecordPlan): boolean {
    return batch.add(kafkaRecordOf(this.first(), plan));
  }

  advance(): void {
    this.#bytes -= bytesOf(this.first());
    this.#at += 1;
  }

  /** They are single objects already. */
  detach(): void {}
}

function bytesOf(record: TopicRecord): number {
  let bytes = OVERHEAD + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of record.headers) bytes += name.length + (value?.length ?? 0);
  return bytes;
}
