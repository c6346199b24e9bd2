import type { Reader } from '@platformatic/kafka';
import type { ProduceAnswer, ProduceBatch, ProduceResult } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';
import { groupByTopic } from './by-topic.ts';
import { ALL_IN_SYNC_REPLICAS, type ProduceRequest } from './produce.ts';

/**
 * Topics by id (KIP-516, Kafka 4.1 and later): a topic that was deleted and created again under the same name refuses the
 * batch. The topics of the answer are ids; namesOfTopics gives them back their names.
 */
export const PRODUCE_BY_ID: ApiCall<ProduceRequest, ProduceAnswer> = {
  name: 'Produce',
  key: 0,
  min: 13,
  max: 13,
  flexibleFrom: 9,
  write(writer, { batches, timeoutMs }) {
    writer.appendString(null).appendInt16(ALL_IN_SYNC_REPLICAS).appendInt32(timeoutMs);
    writer.appendArray(groupByTopic(batches), (w, [, its]) => {
      w.appendUUID(its[0]!.topicId ?? null);
      w.appendArray(its, (w2, batch) => void w2.appendInt32(batch.partition).appendBytes(batch.bytes));
    });
    writer.appendTaggedFields();
  },
  read(reader) {
    const results = reader.readArray((r) => {
      const topic = r.readUUID();
      return r.readArray(() => readResult(r, topic));
    });
    return { results: results.flat(), throttleMs: reader.readInt32() };
  },
};

function readResult(reader: Reader, topic: string): ProduceResult {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const baseOffset = reader.readInt64();
  reader.readInt64(); // time of appending
  const logStartOffset = reader.readInt64();
  const records = reader.readArray((r) => (r.readInt32(), r.readNullableString()));
  const errorMessage = reader.readNullableString() ?? records.find((text) => text !== null) ?? null;
  return { topic, partition, errorCode, errorMessage, baseOffset, logStartOffset };
}

/** The same answer with the names of the topics that were asked for. */
export function namesOfTopics(answer: ProduceAnswer, batches: readonly ProduceBatch[]): ProduceAnswer {
  const names = new Map(batches.map(({ topicId, topic }) => [topicId, topic]));
  return {
    ...answer,
    results: answer.results.map((each) => ({ ...each, topic: names.get(each.topic) ?? each.topic })),
  };
}
