import { expect, test } from '@jest/globals';
import type { FetchedRecord } from '#libs/foundation/kafka';
import { MESSAGE_ID_HEADER } from '#libs/stores/topic';
import { compareWindow, type ExpectedRecord } from '../src/verify/compare-window.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const options = { partition: 3, compacted: false };
/** A message id for a letter. */
const uuid = (letter: string): string =>
  `00000000-0000-7000-8000-${letter.charCodeAt(0).toString(16).padStart(12, '0')}`;

function expected(offset: bigint, id: string, value = id): ExpectedRecord {
  return {
    clusterOffset: offset + 10n,
    logOffset: offset,
    messageId: uuid(id),
    record: { key: null, value: bytes(value), headers: [[MESSAGE_ID_HEADER, bytes(uuid(id))]], timestampMs: 5 },
  };
}

function found(clusterOffset: bigint, id: string | null, value = id ?? ''): FetchedRecord {
  return {
    offset: clusterOffset,
    key: null,
    value: bytes(value),
    headers: id === null ? [] : [[MESSAGE_ID_HEADER, bytes(uuid(id))]],
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
      messageId: uuid('a'),
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
    { clusterOffset: 12n, messageId: uuid('b') },
    { clusterOffset: 14n, messageId: uuid('x') },
  ]);
});

test('another record in the place of one is a missing record and a stray', () => {
  const outcome = compareWindow([expected(0n, 'a')], [found(10n, 'z')], options);
  expect(outcome.findings.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['missing', 'another record stands in its place'],
  ]);
  expect(outcome.strays).toEqual([{ clusterOffset: 10n, messageId: uuid('z') }]);
});

test('the parts that differ are named', () => {
  const other: FetchedRecord = {
    ...found(10n, 'a', 'changed'),
    key: bytes('k'),
    headers: [
      [MESSAGE_ID_HEADER, bytes(uuid('a'))],
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
