import type { TopicOutcome, TopicToCreate } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';
import { readOutcome } from './topic-outcome.ts';

interface Request {
  readonly topics: readonly TopicToCreate[];
  readonly timeoutMs: number;
}

/** Version 4: the first that takes -1 for the cluster's default replication. */
export const CREATE_TOPICS: ApiCall<Request, readonly TopicOutcome[]> = {
  name: 'CreateTopics',
  key: 19,
  min: 4,
  max: 4,
  flexibleFrom: 5,
  write(writer, { topics, timeoutMs }) {
    writer.appendArray(
      topics as TopicToCreate[],
      (w, { name, partitions, replicationFactor, configs }) => {
        w.appendString(name, false).appendInt32(partitions).appendInt16(replicationFactor);
        w.appendArray([], () => undefined, false, false); // replicas are for the cluster to assign
        w.appendArray(
          Object.entries(configs),
          (entry, [key, value]) => void entry.appendString(key, false).appendString(value, false),
          false,
          false,
        );
      },
      false,
      false,
    );
    writer.appendInt32(timeoutMs).appendBoolean(false);
  },
  read(reader) {
    reader.readInt32(); // throttled for
    return reader.readArray(readOutcome, false, false);
  },
};
