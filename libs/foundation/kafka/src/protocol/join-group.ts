import type { JoinGroupAnswer, JoinGroupRequest } from '../kafka-classic-group-client.ts';
import type { ApiCall } from './api-call.ts';

const CONSUMER = 'consumer';

/** Version 5: the first one with instance ids, still in all brokers. */
export const JOIN_GROUP: ApiCall<JoinGroupRequest, JoinGroupAnswer> = {
  name: 'JoinGroup',
  key: 11,
  min: 5,
  max: 5,
  flexibleFrom: 6,
  write(writer, { group, sessionTimeoutMs, rebalanceTimeoutMs, memberId, instanceId, protocol, metadata }) {
    writer.appendString(group, false).appendInt32(sessionTimeoutMs).appendInt32(rebalanceTimeoutMs);
    writer.appendString(memberId, false).appendString(instanceId, false).appendString(CONSUMER, false);
    writer.appendArray(
      [protocol],
      (w, name) => void w.appendString(name, false).appendBytes(metadata, false),
      false,
      false,
    );
  },
  read(reader) {
    reader.readInt32(); // throttled for
    const [errorCode, generation] = [reader.readInt16(), reader.readInt32()];
    reader.readNullableString(false); // protocol
    const [leader, memberId] = [reader.readString(false), reader.readString(false)];
    const members = reader.readArray(
      (r) => {
        const id = r.readString(false);
        r.readNullableString(false); // instance
        return { memberId: id, metadata: r.readBytes(false) };
      },
      false,
      false,
    );
    return { errorCode, generation, leader, memberId, members };
  },
};
