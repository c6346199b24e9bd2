import type { Reader } from '@platformatic/kafka';
import type { Partition, PartitionProducers, ProducerState } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';
import { groupByTopic } from './by-topic.ts';

/** What a leader remembers of the producers that wrote to its partitions. */
export const DESCRIBE_PRODUCERS: ApiCall<readonly Partition[], readonly PartitionProducers[]> = {
  name: 'DescribeProducers',
  key: 61,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  write(writer, of) {
    writer.appendArray(groupByTopic(of), (w, [topic, its]) => {
      w.appendString(topic).appendArray(its, (entry, { partition }) => void entry.appendInt32(partition), true, false);
    });
    writer.appendTaggedFields();
  },
  read(reader) {
    reader.readInt32(); // throttled for
    const topics = reader.readArray((r) => {
      const topic = r.readString();
      return r.readArray((entry) => readPartition(entry, topic));
    });
    return topics.flat();
  },
};

function readPartition(reader: Reader, topic: string): PartitionProducers {
  const [partition, errorCode] = [reader.readInt32(), reader.readInt16()];
  reader.readNullableString(); // message
  return { topic, partition, errorCode, producers: reader.readArray(readProducer) };
}

function readProducer(reader: Reader): ProducerState {
  const producer = {
    producerId: reader.readInt64(),
    producerEpoch: reader.readInt32(),
    lastSequence: reader.readInt32(),
    lastTimestampMs: Number(reader.readInt64()),
  };
  reader.readInt32(); // coordinator epoch
  reader.readInt64(); // start of an open transaction
  return producer;
}
