import { expect, test } from '@jest/globals';
import {
  type ClusterTruth,
  clusterViolations,
  type LoggedRecord,
  type PlacedRun,
  type ReadRecord,
} from './harness/cluster-truth.ts';

// The scenarios on Kafka are worth as much as their checker. Here it is given clusters with one thing wrong each.
const bytes = (text: string): Buffer => Buffer.from(text);
const record = (partition: number, offset: bigint, name: string): LoggedRecord => ({
  topic: 'orders',
  partition,
  offset,
  messageId: name,
  key: bytes(`key of ${name}`),
  value: bytes(`value of ${name}`),
});
const run = (partition: number, fromOffset = 0n, delta = 0n): PlacedRun => ({
  topic: 'orders',
  partition,
  fromOffset,
  delta,
});
const foreign = (partition: number, offset: bigint): ReadRecord => ({
  topic: 'orders',
  partition,
  offset,
  messageId: null,
  key: null,
  value: bytes('from elsewhere'),
});

const log = [record(0, 0n, 'a'), record(0, 1n, 'b'), record(0, 2n, 'c'), record(1, 0n, 'd')];
const [a, b, c, d] = log as [LoggedRecord, LoggedRecord, LoggedRecord, LoggedRecord];
const sound: ClusterTruth = { log, cluster: log, runs: [run(0), run(1)] };
const withRecords = (...cluster: ReadRecord[]): ClusterTruth => ({ ...sound, cluster });

test('a sound cluster has no violations', () => {
  expect(clusterViolations(sound)).toEqual([]);
});

test('records of others are no violation where they are told, and the runs know of them', () => {
  const truth: ClusterTruth = {
    log,
    cluster: [a, foreign(0, 1n), { ...b, offset: 2n }, { ...c, offset: 3n }, d],
    runs: [run(0), run(0, 1n, 1n), run(1)],
    isForeign: ({ messageId }) => messageId === null,
  };
  expect(clusterViolations(truth)).toEqual([]);
});

test.each<[string, ClusterTruth, string]>([
  ['a record missing at the end', withRecords(a, b, d), 'missing: orders/0@2 of the log'],
  ['a record missing in the middle', withRecords(a, c, d), 'missing: orders/0@1 of the log'],
  ['an offset without a record', withRecords(a, c, d), 'gap: orders/0@2 of the cluster follows 0'],
  ['nothing at all', withRecords(), 'missing: orders/0@0 of the log'],
  ['a record twice', withRecords(a, b, c, { ...c, offset: 3n }, d), '2 times on the cluster: orders/0@2, orders/0@3'],
  [
    'two records in the wrong order',
    withRecords(a, { ...c, offset: 1n }, { ...b, offset: 2n }, d),
    'reordered: orders/0@1 of the log comes behind 2',
  ],
  [
    'a record at another offset than the run says',
    { ...sound, runs: [run(0), run(0, 2n, 1n), run(1)] },
    'orders/0@2 of the log is at orders/0@2, expected orders/0@3',
  ],
  ['a record that no run holds', { ...sound, runs: [run(0)] }, 'no run of offsets holds orders/1@0 of the log'],
  [
    'a record in another partition',
    withRecords(a, b, c, { ...d, partition: 0, offset: 3n }),
    'orders/1@0 of the log is at orders/0@3, expected orders/1@0',
  ],
  ['another value', withRecords(a, { ...b, value: bytes('other') }, c, d), 'another value: orders/0@1'],
  ['a null in the place of a value', withRecords(a, { ...b, value: null }, c, d), 'another value: orders/0@1'],
  ['another key', withRecords(a, { ...b, key: null }, c, d), 'another key: orders/0@1'],
  [
    'a record without a message id',
    withRecords(a, { ...b, messageId: null }, c, d),
    'not of the log: orders/0@1 of the cluster',
  ],
  ['the message id of another', withRecords(a, { ...b, messageId: 'z' }, c, d), 'missing: orders/0@1 of the log'],
  ['a record of somebody else', withRecords(a, b, c, foreign(0, 3n), d), 'not of the log: orders/0@3 of the cluster'],
])('%s is seen', (_what, truth, violation) => {
  expect(clusterViolations(truth)).toContain(violation);
});
