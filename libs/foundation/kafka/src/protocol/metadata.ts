import type { Reader } from '@platformatic/kafka';
import type { BrokerAddress, ClusterMetadata, PartitionMetadata, TopicMetadata } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';

interface Request {
  /** Undefined: all. */
  readonly topics: readonly string[] | undefined;
}

const FLEXIBLE = 9;
const TOPIC_IDS = 10;
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** From version 7 on with leader epochs, from 10 on with topic ids. */
export const METADATA: ApiCall<Request, ClusterMetadata> = {
  name: 'Metadata',
  key: 3,
  min: 7,
  max: 12,
  flexibleFrom: FLEXIBLE,
  write(writer, { topics }, version) {
    const compact = version >= FLEXIBLE;
    writer.appendArray(
      topics as string[] | undefined,
      (w, name) => {
        if (version >= TOPIC_IDS) w.appendUUID(null);
        w.appendString(name, compact);
      },
      compact,
      compact,
    );
    // A topic that is asked for must never come to be by that.
    writer.appendBoolean(false);
    if (version >= 8 && version <= 10) writer.appendBoolean(false);
    if (version >= 8) writer.appendBoolean(false);
    if (compact) writer.appendTaggedFields();
  },
  read(reader, version) {
    const compact = version >= FLEXIBLE;
    reader.readInt32();
    const brokers = reader.readArray((r) => readBroker(r, compact), compact, compact);
    const clusterId = reader.readNullableString(compact);
    const controller = reader.readInt32();
    const topics = reader.readArray((r) => readTopic(r, version), compact, compact);
    return { clusterId, controller, brokers, topics };
  },
};

function readBroker(reader: Reader, compact: boolean): BrokerAddress {
  const broker = { id: reader.readInt32(), host: reader.readString(compact), port: reader.readInt32() };
  reader.readNullableString(compact); // rack
  return broker;
}

function readTopic(reader: Reader, version: number): TopicMetadata {
  const compact = version >= FLEXIBLE;
  const errorCode = reader.readInt16();
  const name = reader.readString(compact);
  const id = version >= TOPIC_IDS ? reader.readUUID() : NO_ID;
  reader.readBoolean(); // internal
  const partitions = reader.readArray((r) => readPartition(r, compact), compact, compact);
  if (version >= 8) reader.readInt32(); // authorized operations
  return { name, errorCode, id: id === NO_ID ? null : id, partitions };
}

function readPartition(reader: Reader, compact: boolean): PartitionMetadata {
  const ids = (): number[] => reader.readArray((r) => r.readInt32(), compact, false);
  const [errorCode, partition, leader, leaderEpoch] = [
    reader.readInt16(),
    reader.readInt32(),
    reader.readInt32(),
    reader.readInt32(),
  ];
  const replicas = ids();
  const inSyncReplicas = ids();
  ids(); // offline
  return { partition, errorCode, leader, leaderEpoch, replicas, inSyncReplicas };
}
