import type { LogEnd, Partition, PartitionProducers } from '#libs/foundation/kafka';
import type { Lane } from '../lane/lane.ts';
import type { SessionContext } from './session-context.ts';

/** What a broker says of a partition (no end where the cluster cannot be asked for it); `problem` instead when it cannot say now. */
export type BrokerWord =
  | { readonly clusterEnd: bigint | undefined; readonly lastSequence: number | 'unknown' }
  | { readonly problem: string; readonly errorCode: number };

/**
 * Asks a broker for the log ends and our last sequences of partitions that it leads. The sequences are asked for before and
 * after the ends: where both answers agree, the sequence held when the end was read, whatever others wrote meanwhile.
 */
export async function askBroker(
  broker: number,
  lanes: readonly Lane[],
  context: SessionContext,
): Promise<ReadonlyMap<Lane, BrokerWord>> {
  const { client } = context.parts;
  if (!context.seesLogEnds)
    return new Map(lanes.map((lane) => [lane, { clusterEnd: undefined, lastSequence: 'unknown' }]));
  const partitions = lanes.map(({ start, leaderEpoch }) => ({
    topic: start.clusterTopic,
    partition: start.partition,
    leaderEpoch,
  }));
  const exact = context.producer !== null && context.mode === 'exact';
  const before = exact ? byPlace(await client.producers(broker, partitions)) : undefined;
  const ends = byPlace(await client.logEnds(broker, partitions));
  const after = exact ? byPlace(await client.producers(broker, partitions)) : undefined;
  const words = new Map<Lane, BrokerWord>();
  for (const lane of lanes) {
    const key = `${lane.start.clusterTopic}/${lane.start.partition}`;
    const end = endOf(ends.get(key));
    const first = exact ? sequenceOf(before!.get(key), context) : { lastSequence: 'unknown' as const };
    const second = exact ? sequenceOf(after!.get(key), context) : first;
    if ('problem' in end) words.set(lane, end);
    else if ('problem' in first) words.set(lane, first);
    else if ('problem' in second) words.set(lane, second);
    else if (first.lastSequence !== second.lastSequence)
      words.set(lane, { problem: 'records are arriving', errorCode: 0 });
    else words.set(lane, { clusterEnd: end.clusterEnd, lastSequence: first.lastSequence });
  }
  return words;
}

function endOf(end: LogEnd | undefined): { readonly clusterEnd: bigint } | { problem: string; errorCode: number } {
  if (end === undefined) return { problem: 'the broker left the partition out', errorCode: 0 };
  if (end.errorCode !== 0) return { problem: `Kafka error ${end.errorCode} for its log end`, errorCode: end.errorCode };
  if (end.endOffset < 0n) return { problem: 'the broker does not know its log end', errorCode: 0 };
  return { clusterEnd: end.endOffset };
}

function sequenceOf(
  state: PartitionProducers | undefined,
  { producer }: SessionContext,
): { readonly lastSequence: number | 'unknown' } | { problem: string; errorCode: number } {
  if (state === undefined) return { problem: 'the broker left the partition out', errorCode: 0 };
  if (state.errorCode !== 0)
    return { problem: `Kafka error ${state.errorCode} for its producers`, errorCode: state.errorCode };
  const ours = state.producers.find((each) => each.producerId === producer?.id);
  return { lastSequence: ours === undefined || ours.lastSequence < 0 ? 'unknown' : ours.lastSequence };
}

function byPlace<T extends Partition>(answers: readonly T[]): Map<string, T> {
  return new Map(answers.map((answer) => [`${answer.topic}/${answer.partition}`, answer]));
}
