import type { GroupOffset, Partition } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';
import { readByTopic, writeByTopic } from './by-topic.ts';

interface Request {
  readonly group: string;
  readonly offsets: readonly GroupOffset[];
}

type Answer = readonly (Partition & { readonly errorCode: number })[];

const NO_GENERATION = -1;
const NO_LEADER_EPOCH = -1;

/** As nobody's member: brokers take it for a group without members only. */
export const OFFSET_COMMIT: ApiCall<Request, Answer> = {
  name: 'OffsetCommit',
  key: 8,
  min: 7,
  max: 7,
  flexibleFrom: 8,
  write(writer, { group, offsets }) {
    writer.appendString(group, false).appendInt32(NO_GENERATION).appendString('', false).appendString(null, false);
    writeByTopic(writer, offsets, (w, { partition, offset, metadata }) => {
      w.appendInt32(partition).appendInt64(offset).appendInt32(NO_LEADER_EPOCH).appendString(metadata, false);
    });
  },
  read(reader) {
    reader.readInt32(); // throttled for
    return readByTopic(reader, (r, topic) => ({ topic, partition: r.readInt32(), errorCode: r.readInt16() }));
  },
};
