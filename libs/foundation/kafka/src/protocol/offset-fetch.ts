import type { GroupOffset } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';
import { readByTopic } from './by-topic.ts';

interface Answer {
  readonly errorCode: number;
  /** An offset of -1 stands for none. */
  readonly offsets: readonly (GroupOffset & { readonly errorCode: number })[];
}

/** All committed offsets of a group. */
export const OFFSET_FETCH: ApiCall<string, Answer> = {
  name: 'OffsetFetch',
  key: 9,
  min: 5,
  max: 5,
  flexibleFrom: 6,
  write: (writer, group) => void writer.appendString(group, false).appendArray(null, () => undefined, false, false),
  read(reader) {
    reader.readInt32(); // throttled for
    const offsets = readByTopic(reader, (r, topic) => {
      const [partition, offset] = [r.readInt32(), r.readInt64()];
      r.readInt32(); // leader epoch
      return { topic, partition, offset, metadata: r.readNullableString(false), errorCode: r.readInt16() };
    });
    return { offsets, errorCode: reader.readInt16() };
  },
};
