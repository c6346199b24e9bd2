import { expect, test } from '@jest/globals';
import { FindingRuns } from '../src/output/finding-runs.ts';
import type { FindingAnswer } from '../src/relay/cluster-answers.ts';

const finding = (clusterOffset: number, other: Partial<FindingAnswer> = {}): FindingAnswer => ({
  topic: 'orders',
  partition: 0,
  kind: 'missing',
  clusterOffset: String(clusterOffset),
  logOffset: String(clusterOffset - 2),
  messageId: null,
  detail: 'the partition ends at 5 on the cluster',
  ...other,
});

function lines(findings: readonly FindingAnswer[]): string[] {
  const runs = new FindingRuns();
  return [...findings.map((each) => runs.push(each)), runs.end()].flatMap((line) => line?.split('\n') ?? []);
}

test('findings that follow one another are one line, others are lines of their own', () => {
  const id = '0199-id';
  expect(
    lines([
      finding(5),
      finding(6),
      finding(7),
      finding(9),
      finding(10, { kind: 'foreign', logOffset: null, messageId: id, detail: 'another producer' }),
      finding(11, { partition: 1 }),
    ]),
  ).toEqual([
    'missing at orders-0 offsets 5 to 7, log offsets 3 to 5: 3 records; the partition ends at 5 on the cluster',
    'missing at orders-0 offset 9, log offset 7: the partition ends at 5 on the cluster',
    'foreign at orders-0 offset 10: another producer (0199-id)',
    'missing at orders-1 offset 11, log offset 9: the partition ends at 5 on the cluster',
  ]);
  expect(lines([])).toEqual([]);
});

test('findings of partitions that are verified at the same time do not tear one another apart', () => {
  const each = [0, 1, 0, 1, 0, 1].map((partition, index) => finding(5 + Math.trunc(index / 2), { partition }));
  expect(lines(each)).toEqual(
    [0, 1].map(
      (partition) =>
        `missing at orders-${partition} offsets 5 to 7, log offsets 3 to 5: 3 records; the partition ends at 5 on the cluster`,
    ),
  );
});
