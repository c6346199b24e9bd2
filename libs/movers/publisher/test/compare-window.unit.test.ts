import { expect, test } from '@jest/globals';
import type { FetchedRecord } from '#libs/foundation/kafka';
import { compareWindow, type ExpectedRecord } from '../src/verify/compare-window.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const options = {
  partition: 3,
  compacted: false,
  messageIdOf: (record: FetchedRecord) => record.headers.find(([name]) => name === 'id')?.[1]?.toString() ?? null,
};

function expected(offset: bigint, id: string, value = id): ExpectedRecord {
  return {
    clusterOffset: offset + 10n,
    logOffset: offset,
    messageId: id,
    record: { key: null, value: bytes(value), headers: [['id', bytes(id)]], timestampMs: 5 },
  };
}

function found(clusterOffset: bigint, id: string | null, value = id ?? ''): FetchedRecord {
  return {
    offset: clusterOffset,
    key: null,
    value: bytes(value),
    headers: id === null ? [] : [['id', bytes(id)]],
    timestampMs: 5,
    producerId: -1n,
    sequence: -1,
  };
}

test('records in their places with their bytes match', () => {
  const outcome = compareWindow([expected(0n, 'a'), expected(1n, 'b')], [found(10n, 'a'), found(11n, 'b')], options);
  expect(outcome).toEqual({ matching: 2, findings: [], strays: [] });
});

test('a hole is a missing record', () => {
  const outcome = compareWindow([expected(0n, 'a'), expected(1n, 'b')], [found(11n, 'b')], options);
  expect(outcome.matching).toBe(1);
  expect(outcome.findings).toEqual([
    {
      kind: 'missing',
      partition: 3,
      clusterOffset: 10n,
      logOffset: 0n,
      messageId: 'a',
      detail: 'no record is there',
    },
  ]);
});

test('a hole in a compacted topic is not', () => {
  const outcome = compareWindow([expected(0n, 'a')], [], { ...options, compacted: true });
  expect(outcome).toEqual({ matching: 0, findings: [], strays: [] });
});

test('records before, between and behind those of the log are strays', () => {
  const outcome = compareWindow(
    [expected(1n, 'b'), expected(3n, 'd')],
    [found(10n, null), found(11n, 'b'), found(12n, 'b'), found(13n, 'd'), found(14n, 'x')],
    options,
  );
  expect(outcome.matching).toBe(2);
  expect(outcome.findings).toEqual([]);
  expect(outcome.strays).toEqual([
    { clusterOffset: 10n, messageId: null },
    { clusterOffset: 12n, messageId: 'b' },
    { clusterOffset: 14n, messageId: 'x' },
  ]);
});

test('another record in the place of one is a missing record and a stray', () => {
  const outcome = compareWindow([expected(0n, 'a')], [found(10n, 'z')], options);
  expect(outcome.findings.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['missing', 'another record stands in its place'],
  ]);
  expect(outcome.strays).toEqual([{ clusterOffset: 10n, messageId: 'z' }]);
});

test('the parts that differ are named', () => {
  const other: FetchedRecord = {
    ...found(10n, 'a', 'changed'),
    key: bytes('k'),
    headers: [
      ['id', bytes('a')],
      ['h', null],
    ],
  };
  const outcome = compareWindow([expected(0n, 'a')], [other], options);
  expect(outcome.matching).toBe(0);
  expect(outcome.findings[0]).toMatchObject({
    kind: 'differing',
    detail: 'other bytes in key (expected null, found 1 bytes), value (expected 1 bytes, found 7 bytes), header h',
  });
});
