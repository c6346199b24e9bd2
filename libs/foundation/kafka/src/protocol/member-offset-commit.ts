import type { Partition } from '../kafka-client.ts';
import type { GroupMembership, MemberOffset } from '../kafka-group-client.ts';
import type { ApiCall } from './api-call.ts';
import { readByNameOrId, writeByNameOrId } from './by-topic-id.ts';

interface Request extends GroupMembership {
  readonly offsets: readonly MemberOffset[];
}

type Answer = readonly (Partition & { readonly errorCode: number })[];

const NO_LEADER_EPOCH = -1;
const BY_ID = 10;

/** As a member, under its epoch or its generation. From version 10 on by topic id: what was read of a topic never counts for its successor. */
export const MEMBER_OFFSET_COMMIT: ApiCall<Request, Answer> = {
  name: 'OffsetCommit',
  key: 8,
  min: 8,
  max: BY_ID,
  flexibleFrom: 8,
  write(writer, { group, memberId, memberEpoch, instanceId, offsets }, version) {
    writer.appendString(group).appendInt32(memberEpoch).appendString(memberId).appendString(instanceId);
    writeByNameOrId(
      writer,
      offsets,
      version >= BY_ID,
      (w, { partition, offset, metadata }) =>
        void w.appendInt32(partition).appendInt64(offset).appendInt32(NO_LEADER_EPOCH).appendString(metadata),
      true,
    );
    writer.appendTaggedFields();
  },
  read(reader, version) {
    reader.readInt32(); // throttled for
    return readByNameOrId(reader, version >= BY_ID, (r, topic) => ({
      topic,
      partition: r.readInt32(),
      errorCode: r.readInt16(),
    }));
  },
};
