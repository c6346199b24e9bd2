import type { Reader } from '@platformatic/kafka';
import type { ProduceAnswer, ProduceBatch, ProduceResult } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';
import { readByTopic, writeByTopic } from './by-topic.ts';

export interface ProduceRequest {
  readonly batches: readonly ProduceBatch[];
  readonly timeoutMs: number;
}

export const ALL_IN_SYNC_REPLICAS = -1;
const WITH_MESSAGES = 8;

/** Topics by name. The batches go out as they are: encoded once, however often they are sent. */
export const PRODUCE: ApiCall<ProduceRequest, ProduceAnswer> = {
  name: 'Produce',
  key: 0,
  min: 7,
  max: WITH_MESSAGES,
  flexibleFrom: 9,
  write(writer, { batches, timeoutMs }) {
    writer.appendString(null, false).appendInt16(ALL_IN_SYNC_REPLICAS).appendInt32(timeoutMs);
    writeByTopic(writer, batches, (w, batch) => void w.appendInt32(batch.partition).appendBytes(batch.bytes, false));
  },
  read(reader, version) {
    const results = readByTopic(reader, (r, topic) => readResult(r, topic, version));
    return { results, throttleMs: reader.readInt32() };
  },
};

function readResult(reader: Reader, topic: string, version: number): ProduceResult {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const baseOffset = reader.readInt64();
  reader.readInt64(); // time of appending
  const logStartOffset = reader.readInt64();
  const errorMessage = version >= WITH_MESSAGES ? readMessage(reader) : null;
  return { topic, partition, errorCode, errorMessage, baseOffset, logStartOffset };
}

/** What is said of the batch, else of its first record that was refused. */
function readMessage(reader: Reader): string | null {
  const records = reader.readArray((r) => (r.readInt32(), r.readNullableString(false)), false, false);
  return reader.readNullableString(false) ?? records.find((text) => text !== null) ?? null;
}
