import type { ApiCall } from './api-call.ts';
import { groupByTopic } from './by-topic.ts';
import { type FetchAnswer, type FetchCall, readFetched, totalBytes } from './fetch.ts';
import { isolationLevel } from './isolation-level.ts';

const CLIENT = -1;
const UNKNOWN = -1;

/**
 * Version 13: topics by id, so that records of a topic are never taken for those of another one that has its name now. The
 * topics of the answer are ids; withTopicNames gives them back their names.
 */
export const FETCH_BY_ID: ApiCall<FetchCall, FetchAnswer> = {
  name: 'Fetch',
  key: 1,
  min: 13,
  max: 13,
  flexibleFrom: 12,
  write(writer, { of, maxWaitMs, isolation }) {
    writer.appendInt32(CLIENT).appendInt32(maxWaitMs).appendInt32(1).appendInt32(totalBytes(of));
    writer.appendInt8(isolationLevel(isolation)).appendInt32(0).appendInt32(-1); // no fetch session
    writer.appendArray(groupByTopic(of), (w, [, its]) => {
      w.appendUUID(its[0]!.topicId ?? null);
      w.appendArray(its, (w2, { partition, offset, maxBytes, leaderEpoch }) => {
        w2.appendInt32(partition)
          .appendInt32(leaderEpoch ?? UNKNOWN)
          .appendInt64(offset);
        w2.appendInt32(UNKNOWN).appendInt64(-1n).appendInt32(maxBytes);
      });
    });
    writer
      .appendArray([], () => undefined)
      .appendString('')
      .appendTaggedFields();
  },
  read(reader) {
    reader.readInt32(); // throttled for
    const errorCode = reader.readInt16();
    reader.readInt32(); // session
    const partitions = reader.readArray((r) => {
      const topic = r.readUUID();
      return r.readArray(() => readFetched(r, topic, true));
    });
    return { errorCode, partitions: partitions.flat() };
  },
};
