import type { TopicOutcome } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';
import { readOutcome } from './topic-outcome.ts';

interface Request {
  readonly topic: string;
  /** All that the topic shall have. */
  readonly partitions: number;
  readonly timeoutMs: number;
}

export const CREATE_PARTITIONS: ApiCall<Request, readonly TopicOutcome[]> = {
  name: 'CreatePartitions',
  key: 37,
  min: 0,
  max: 1,
  flexibleFrom: 2,
  write(writer, { topic, partitions, timeoutMs }) {
    writer.appendInt32(1).appendString(topic, false).appendInt32(partitions);
    writer.appendArray(null, () => undefined, false, false); // replicas are for the cluster to assign
    writer.appendInt32(timeoutMs).appendBoolean(false);
  },
  read(reader) {
    reader.readInt32(); // throttled for
    return reader.readArray(readOutcome, false, false);
  },
};
