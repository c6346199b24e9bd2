import type { Reader } from '@platformatic/kafka';
import type { HeartbeatAnswer, MemberHeartbeat, TopicIdPartitions } from '../kafka-group-client.ts';
import type { ApiCall } from './api-call.ts';

/** Version 1: the member chooses its id, so that joining can be repeated (Kafka 4.0 and later). */
export const CONSUMER_GROUP_HEARTBEAT: ApiCall<MemberHeartbeat, HeartbeatAnswer> = {
  name: 'ConsumerGroupHeartbeat',
  key: 68,
  min: 1,
  max: 1,
  flexibleFrom: 0,
  write(writer, { group, memberId, memberEpoch, instanceId, rebalanceTimeoutMs, topics, owned }) {
    writer.appendString(group).appendString(memberId).appendInt32(memberEpoch).appendString(instanceId);
    writer.appendString(null).appendInt32(rebalanceTimeoutMs); // rack
    writer.appendArray([...topics], (w, topic) => void w.appendString(topic), true, false);
    writer.appendString(null).appendString(null); // pattern of topics, assignor
    writer.appendArray(
      [...owned],
      (w, { topicId, partitions }) =>
        void w.appendUUID(topicId).appendArray([...partitions], (w2, each) => void w2.appendInt32(each), true, false),
    );
    writer.appendTaggedFields();
  },
  read(reader) {
    reader.readInt32(); // throttled for
    const [errorCode, errorMessage] = [reader.readInt16(), reader.readNullableString()];
    reader.readNullableString(); // member id
    const [memberEpoch, heartbeatIntervalMs] = [reader.readInt32(), reader.readInt32()];
    return { errorCode, errorMessage, memberEpoch, heartbeatIntervalMs, assignment: readAssignment(reader) };
  },
};

function readAssignment(reader: Reader): TopicIdPartitions[] | null {
  if (reader.readInt8() < 0) return null;
  return reader.readArray((r) => ({
    topicId: r.readUUID(),
    partitions: r.readArray((p) => p.readInt32(), true, false),
  }));
}
