import type { LogEnd, Partition } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';
import { readByTopic, writeByTopic } from './by-topic.ts';

type Request = readonly (Partition & { readonly leaderEpoch: number })[];

/** Asked for the current epoch, a leader answers where its log ends, whether replicated or not. */
export const OFFSET_FOR_LEADER_EPOCH: ApiCall<Request, readonly LogEnd[]> = {
  name: 'OffsetForLeaderEpoch',
  key: 23,
  min: 2,
  max: 3,
  flexibleFrom: 4,
  write(writer, of, version) {
    if (version >= 3) writer.appendInt32(-1);
    writeByTopic(writer, of, (w, { partition, leaderEpoch }) => {
      w.appendInt32(partition).appendInt32(leaderEpoch).appendInt32(leaderEpoch);
    });
  },
  read(reader) {
    reader.readInt32(); // throttled for
    return readByTopic(reader, (r, topic) => ({
      topic,
      errorCode: r.readInt16(),
      partition: r.readInt32(),
      leaderEpoch: r.readInt32(),
      endOffset: r.readInt64(),
    }));
  },
};
