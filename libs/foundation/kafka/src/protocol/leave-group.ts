import type { ClassicMember } from '../kafka-classic-group-client.ts';
import type { ApiCall } from './api-call.ts';

export const LEAVE_GROUP: ApiCall<ClassicMember, { readonly errorCode: number }> = {
  name: 'LeaveGroup',
  key: 13,
  min: 3,
  max: 3,
  flexibleFrom: 4,
  write(writer, { group, memberId, instanceId }) {
    writer.appendString(group, false);
    writer.appendArray(
      [memberId],
      (w, id) => void w.appendString(id, false).appendString(instanceId, false),
      false,
      false,
    );
  },
  read(reader) {
    reader.readInt32(); // throttled for
    const errorCode = reader.readInt16();
    const [member = 0] = reader.readArray(
      (r) => {
        r.readString(false); // member
        r.readNullableString(false); // instance
        return r.readInt16();
      },
      false,
      false,
    );
    return { errorCode: errorCode === 0 ? member : errorCode };
  },
};
