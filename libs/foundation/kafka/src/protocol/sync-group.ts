import type { SyncGroupRequest } from '../kafka-classic-group-client.ts';
import type { ApiCall } from './api-call.ts';

interface Answer {
  readonly errorCode: number;
  readonly assignment: Buffer;
}

export const SYNC_GROUP: ApiCall<SyncGroupRequest, Answer> = {
  name: 'SyncGroup',
  key: 14,
  min: 3,
  max: 3,
  flexibleFrom: 4,
  write(writer, { group, generation, memberId, instanceId, assignments }) {
    writer.appendString(group, false).appendInt32(generation);
    writer.appendString(memberId, false).appendString(instanceId, false);
    writer.appendArray(
      [...assignments],
      (w, each) => void w.appendString(each.memberId, false).appendBytes(each.assignment, false),
      false,
      false,
    );
  },
  read(reader) {
    reader.readInt32(); // throttled for
    return { errorCode: reader.readInt16(), assignment: reader.readBytes(false) };
  },
};
