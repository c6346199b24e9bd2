import type { ClassicMember } from '../kafka-classic-group-client.ts';
import type { ApiCall } from './api-call.ts';

export const GROUP_HEARTBEAT: ApiCall<ClassicMember, { readonly errorCode: number }> = {
  name: 'Heartbeat',
  key: 12,
  min: 3,
  max: 3,
  flexibleFrom: 4,
  write(writer, { group, generation, memberId, instanceId }) {
    writer.appendString(group, false).appendInt32(generation);
    writer.appendString(memberId, false).appendString(instanceId, false);
  },
  read(reader) {
    reader.readInt32(); // throttled for
    return { errorCode: reader.readInt16() };
  },
};
