import { type Compression, encodeRecordBatch, type KafkaClient } from '#libs/foundation/kafka';
import type { Run } from '../rounds.ts';
import type { RecordedBatch } from './recording.ts';

const IN_FLIGHT = 5;
const TIMEOUT_MS = 30_000;
const SEQUENCE_SPACE = 2 ** 31;

/**
 * The floor of publishing: such records as a publisher sent, in its batches and requests, from memory, encoded and produced
 * with acks=all by an idempotent producer, five requests in flight, until there are as many. The topic is new and empty.
 */
export async function produceRecorded(
  client: KafkaClient,
  target: {
    readonly topic: string;
    readonly leader: number;
    readonly compression: Compression;
    readonly records: number;
  },
  requests: readonly (readonly RecordedBatch[])[],
): Promise<Run> {
  const { topic, leader, compression } = target;
  const { producerId, producerEpoch } = await client.initProducerId();
  const sequences = new Map<number, number>();
  let [next, units] = [0, 0];
  const startedAt = performance.now();
  const sendOn = async (): Promise<void> => {
    while (units < target.records) {
      const batches = requests[next % requests.length]!.map(({ partition, records }) => {
        const baseSequence = sequences.get(partition) ?? 0;
        sequences.set(partition, (baseSequence + records.length) % SEQUENCE_SPACE);
        units += records.length;
        const place = { producerId, producerEpoch, baseSequence };
        return { topic, partition, bytes: encodeRecordBatch(records, { place, compression }) };
      });
      next += 1;
      const { results } = await client.produce(leader, batches, TIMEOUT_MS);
      const refused = results.find(({ errorCode }) => errorCode !== 0);
      if (refused !== undefined) throw new Error(`${topic}/${refused.partition}: error ${refused.errorCode}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendOn));
  return { units, ms: performance.now() - startedAt };
}
