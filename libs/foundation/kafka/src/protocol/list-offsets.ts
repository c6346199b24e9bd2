import type { Isolation, ListedOffset, Partition } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';
import { readByTopic, writeByTopic } from './by-topic.ts';
import { isolationLevel } from './isolation-level.ts';

interface Request {
  readonly of: readonly Partition[];
  /** Ms since the epoch, or one of the two below. */
  readonly timestamp: bigint;
  readonly isolation: Isolation;
}

export const LATEST = -1n;
export const EARLIEST = -2n;

export const LIST_OFFSETS: ApiCall<Request, readonly ListedOffset[]> = {
  name: 'ListOffsets',
  key: 2,
  min: 4,
  max: 5,
  flexibleFrom: 6,
  write(writer, { of, timestamp, isolation }) {
    writer.appendInt32(-1).appendInt8(isolationLevel(isolation));
    writeByTopic(writer, of, (w, { partition }) => {
      w.appendInt32(partition).appendInt32(-1).appendInt64(timestamp);
    });
  },
  read(reader) {
    reader.readInt32(); // throttled for
    return readByTopic(reader, (r, topic) => {
      const [partition, errorCode] = [r.readInt32(), r.readInt16()];
      r.readInt64(); // timestamp found
      const offset = r.readInt64();
      r.readInt32(); // leader epoch
      return { topic, partition, errorCode, offset };
    });
  },
};
