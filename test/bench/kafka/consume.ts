import type { FetchedRecord, KafkaClient } from '#libs/foundation/kafka';

const MAX_BYTES = 1_048_576;
const WAIT_MS = 500;

/** A reader at the ends of a topic's partitions, by fetches that wait for records as a consumer's do. */
export interface Consuming {
  /** Records so far. */
  seen(): number;
  stop(): Promise<void>;
}

/** Hands over the records of each answer. The topic must be there; reads from its beginning. */
export function consume(
  client: KafkaClient,
  from: { readonly topic: string; readonly partitions: number; readonly leader: number },
  onRecords: (records: readonly FetchedRecord[]) => void,
): Consuming {
  const { topic, partitions, leader } = from;
  const offsets = new Map(Array.from({ length: partitions }, (_, partition) => [partition, 0n]));
  const end = new AbortController();
  let seen = 0;
  const reading = (async () => {
    while (!end.signal.aborted) {
      const wanted = [...offsets].map(([partition, offset]) => ({ topic, partition, offset, maxBytes: MAX_BYTES }));
      for (const { partition, errorCode, records, nextOffset } of await client.fetch(leader, wanted, WAIT_MS)) {
        if (errorCode !== 0) throw new Error(`${topic}/${partition} answers a fetch with error ${errorCode}`);
        offsets.set(partition, nextOffset);
        if (records.length > 0) onRecords(records);
        seen += records.length;
      }
    }
  })();
  // Told by stop.
  reading.catch(() => end.abort());
  return {
    seen: () => seen,
    stop: async () => {
      end.abort();
      await reading;
    },
  };
}
