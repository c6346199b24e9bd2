import { describe, expect, test } from '@jest/globals';
import { KAFKA_ERROR, type KafkaClient } from '#libs/foundation/kafka';
import { TidemarkError } from '#libs/foundation/kernel';
import { ClusterReader } from '../src/verify/cluster-reader.ts';

interface Script {
  /** Leaders in the order in which metadata is asked; the last one stays. -1: none. */
  readonly leaders?: readonly number[];
  /** What each question to a leader is answered with; the last one stays. */
  readonly answers?: readonly (number | TidemarkError)[];
  readonly topicError?: number;
  readonly earliest?: bigint;
  readonly attempts?: number;
}

/** A cluster that answers as scripted; time passes only in its pauses. */
function world({ leaders = [1], answers = [0], topicError = 0, earliest = 0n, attempts }: Script) {
  const asked: number[] = [];
  let metadataAsked = 0;
  let time = 0;
  const next = (broker: number): number => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]!;
    asked.push(broker);
    if (answer instanceof TidemarkError) throw answer;
    return answer;
  };
  const client: Pick<KafkaClient, 'metadata' | 'listOffsets' | 'fetch'> = {
    metadata: () => {
      const leader = leaders[Math.min(metadataAsked, leaders.length - 1)]!;
      metadataAsked += 1;
      const partition = { partition: 0, errorCode: 0, leader, leaderEpoch: 1, replicas: [1], inSyncReplicas: [1] };
      const partitions = topicError === 0 ? [partition] : [];
      const topics = [{ name: 'orders', errorCode: topicError, id: null, partitions }];
      return Promise.resolve({ clusterId: 'c', controller: 1, brokers: [], topics });
    },
    listOffsets: async (broker, of, at) => {
      const errorCode = at === 'earliest' && earliest > 0n ? 0 : next(broker);
      return Promise.resolve(of.map((each) => ({ ...each, errorCode, offset: at === 'earliest' ? earliest : 10n })));
    },
    fetch: async (broker, [of]) => {
      const errorCode = next(broker);
      const place = { topic: 'orders', partition: 0, highWatermark: 10n, logStartOffset: 0n };
      return Promise.resolve([{ ...place, errorCode, records: [], nextOffset: of!.offset + 1n }]);
    },
  };
  const abort = new AbortController();
  const sleep = (ms: number): Promise<void> => {
    time += ms;
    return Promise.resolve();
  };
  const limits = { signal: abort.signal, ...(attempts === undefined ? {} : { attempts }) };
  const reader = new ClusterReader({ client, topic: 'orders', sleep, random: () => 0.5, ...limits });
  return { reader, abort, asked, time: () => time };
}

const AWAY = new TidemarkError('KAFKA_UNREACHABLE', 'connection refused');

describe('reading a cluster at its leaders', () => {
  test('goes on at the new leader when it has moved', async () => {
    const { reader, asked } = world({ leaders: [1, 2], answers: [KAFKA_ERROR.NOT_LEADER_OR_FOLLOWER, 0] });
    expect(await reader.fetch(0, 3n)).toMatchObject({ errorCode: 0, nextOffset: 4n });
    expect(asked).toEqual([1, 2]);
  });

  test('waits for a leader, over lost connections, and no longer than some seconds', async () => {
    const back = world({ leaders: [-1, -1, 2], answers: [AWAY, 0] });
    expect(await back.reader.bounds(0)).toEqual({ startOffset: 0n, endOffset: 10n });
    const gone = world({ leaders: [-1] });
    await expect(gone.reader.fetch(0, 3n)).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    expect(gone.time()).toBeLessThan(15_000);
    const hasty = world({ leaders: [-1], attempts: 2 });
    await expect(hasty.reader.fetch(0, 3n)).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    expect(hasty.time()).toBeLessThan(200);
  });

  test('takes a topic that is not there for empty, and one that it may not see for an error', async () => {
    const missing = world({ topicError: KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION });
    expect(await missing.reader.bounds(0)).toEqual({ startOffset: 0n, endOffset: 0n });
    const hidden = world({ topicError: KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED });
    await expect(hidden.reader.bounds(0)).rejects.toMatchObject({ code: 'KAFKA_REFUSED' });
    expect(hidden.time()).toBe(0);
  });

  test('tells where the partition begins when retention has overtaken the reader', async () => {
    const { reader } = world({ answers: [KAFKA_ERROR.OFFSET_OUT_OF_RANGE], earliest: 7n });
    expect(await reader.fetch(0, 3n)).toMatchObject({ records: [], nextOffset: 3n, logStartOffset: 7n });
  });

  test('refuses to go on behind an end that was cut off', async () => {
    const { reader } = world({ answers: [KAFKA_ERROR.OFFSET_OUT_OF_RANGE], earliest: 1n });
    await expect(reader.fetch(0, 9n)).rejects.toMatchObject({ code: 'KAFKA_REFUSED' });
  });

  test('stops waiting when nobody waits for it', async () => {
    const { reader, abort, asked } = world({ answers: [AWAY] });
    abort.abort(new Error('left'));
    await expect(reader.fetch(0, 3n)).rejects.toThrow('left');
    expect(asked).toEqual([1]);
  });
});
