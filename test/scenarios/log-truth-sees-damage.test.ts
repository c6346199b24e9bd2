import { expect, test } from '@jest/globals';
import { type LoggedBatch, type LogTruth, violationsOf } from './harness/log-truth.ts';

// The scenarios are worth as much as their checker. Here it is given logs with one thing wrong each.
const message = (position: bigint, key: string, n: number) => ({
  position,
  topicId: 1,
  messageId: `id-${position}`,
  key,
  n,
});
const batch = (partition: number, baseOffset: bigint, ...positions: bigint[]): LoggedBatch => ({
  topicId: 1,
  partition,
  baseOffset,
  records: positions.length,
  step: positions.at(-1)!,
  positions,
});
const head = (partition: number, nextOffset: bigint, lastPosition: bigint) => ({
  topicId: 1,
  partition,
  nextOffset,
  lastPosition,
});

const sound: LogTruth = {
  messages: [message(1n, 'a', 1), message(2n, 'b', 1), message(4n, 'a', 2), message(7n, 'a', 3), message(8n, 'b', 2)],
  batches: [batch(0, 0n, 1n, 4n), batch(1, 0n, 2n), batch(0, 2n, 7n), batch(1, 1n, 8n)],
  heads: [head(0, 3n, 7n), head(1, 2n, 8n)],
  cursor: 8n,
};

/** The sound log with other batches; the heads follow them, so that only the batches are wrong. */
function withBatches(...batches: LoggedBatch[]): LogTruth {
  const ends = new Map<number, ReturnType<typeof head>>();
  for (const { partition, baseOffset, positions } of batches)
    ends.set(partition, head(partition, baseOffset + BigInt(positions.length), positions.at(-1)!));
  return { ...sound, batches, heads: [...ends.values()] };
}

test('a sound log has no violations', () => {
  expect(violationsOf(sound)).toEqual([]);
});

test.each<[string, LogTruth, string]>([
  ['a lost message', withBatches(batch(0, 0n, 1n, 4n), batch(1, 0n, 2n), batch(1, 1n, 8n)), 'lost: position 7'],
  [
    'a message twice',
    withBatches(batch(0, 0n, 1n, 4n), batch(1, 0n, 2n), batch(0, 2n, 4n, 7n), batch(1, 1n, 8n)),
    '2 times in the log: position 4',
  ],
  [
    'a message that was never committed',
    withBatches(batch(0, 0n, 1n, 4n), batch(1, 0n, 2n), batch(0, 2n, 6n, 7n), batch(1, 1n, 8n)),
    'never committed: position 6',
  ],
  [
    'two messages in the wrong order',
    withBatches(batch(0, 0n, 4n, 1n), batch(1, 0n, 2n), batch(0, 2n, 7n), batch(1, 1n, 8n)),
    'reordered: 1/0 has 1 after 4',
  ],
  [
    'a gap in the offsets',
    withBatches(batch(0, 0n, 1n, 4n), batch(1, 0n, 2n), batch(0, 3n, 7n), batch(1, 1n, 8n)),
    'gap or overlap: batch 1/0 at 3, expected 2',
  ],
  [
    'an offset twice',
    withBatches(batch(0, 0n, 1n, 4n), batch(1, 0n, 2n), batch(0, 1n, 7n), batch(1, 1n, 8n)),
    'gap or overlap: batch 1/0 at 1, expected 2',
  ],
  [
    'a key in two partitions',
    withBatches(batch(0, 0n, 1n, 4n), batch(1, 0n, 2n, 7n), batch(1, 2n, 8n)),
    'key 1 a is in 1/0 and 1/1',
  ],
  ['a head that is behind', { ...sound, heads: [head(0, 2n, 4n), head(1, 2n, 8n)] }, 'head 1/0 at 2, batches end at 3'],
  ['a missing head', { ...sound, heads: [head(0, 3n, 7n)] }, 'no head for 1/1'],
  ['a cursor that is behind the log', { ...sound, cursor: 7n }, 'beyond its step or the cursor: position 8'],
  [
    'messages of a key that were counted in another order',
    { ...sound, messages: sound.messages.map((one) => (one.position === 4n ? { ...one, n: 3 } : one)) },
    'key 1 a: 3 comes after 1',
  ],
])('it sees %s', (_, damaged, said) => {
  expect(violationsOf(damaged).join('\n')).toContain(said);
});
