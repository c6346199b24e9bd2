import type { FoundOffset, GroupMembership, PartitionOfId } from '../kafka-group-client.ts';
import type { ApiCall } from './api-call.ts';
import { readByNameOrId, writeByNameOrId } from './by-topic-id.ts';

interface Request extends GroupMembership {
  readonly of: readonly PartitionOfId[];
}

interface Answer {
  readonly errorCode: number;
  readonly offsets: readonly FoundOffset[];
}

const WITH_MEMBER = 9;
const BY_ID = 10;

/** As a member, under its epoch where the version has it; only stable offsets. From version 10 on by topic id. */
export const MEMBER_OFFSET_FETCH: ApiCall<Request, Answer> = {
  name: 'OffsetFetch',
  key: 9,
  min: 8,
  max: BY_ID,
  flexibleFrom: 6,
  write(writer, request, version) {
    writer.appendArray([request], (w, { group, memberId, memberEpoch, of }) => {
      w.appendString(group);
      if (version >= WITH_MEMBER) w.appendString(memberId).appendInt32(memberEpoch);
      writeByNameOrId(w, of, version >= BY_ID, (w2, { partition }) => void w2.appendInt32(partition), false);
    });
    writer.appendBoolean(true).appendTaggedFields();
  },
  read(reader, version) {
    reader.readInt32(); // throttled for
    const [group] = reader.readArray((r) => {
      r.readString(); // group
      const offsets = readByNameOrId(r, version >= BY_ID, (r2, topic) => {
        const [partition, offset] = [r2.readInt32(), r2.readInt64()];
        r2.readInt32(); // leader epoch
        return { topic, partition, offset, metadata: r2.readNullableString(), errorCode: r2.readInt16() };
      });
      return { offsets, errorCode: r.readInt16() };
    });
    if (group === undefined) throw new RangeError('the answer names no group');
    return group;
  },
};
