import { describe, expect, test } from '@jest/globals';
import { addToMapping } from '../src/input/column-mapping.ts';
import { formatDuration, parseDuration, parseRetention } from '../src/input/duration.ts';
import { parseMoment } from '../src/input/moment.ts';
import { integerFrom, parseOffset } from '../src/input/numbers.ts';
import { parseResetPoint } from '../src/input/reset-point.ts';

const NOW = Date.parse('2026-05-01T12:00:00Z');

describe('durations', () => {
  test.each([
    ['250ms', 250n],
    ['30s', 30_000n],
    ['1h30m', 5_400_000n],
    ['7d', 604_800_000n],
    ['2w', 1_209_600_000n],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(['', '7', 'd', '7 d', '-7d', '1.5h', '7days', '7d!', '999999999999999999w'])('%j is refused', (text) =>
    expect(() => parseDuration(text)).toThrow(/duration/),
  );

  test.each([
    [0n, '0s'],
    [250n, '250ms'],
    [30_000n, '30s'],
    [5_400_000n, '1h 30m'],
    [604_800_000n, '1w'],
    [691_200_000n, '1w 1d'],
    [86_400_001n, '1d'],
    [1_500n, '1s'],
  ])('%d ms is said as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  test('a retention may be for ever, but not nothing', () => {
    expect(parseRetention('forever')).toBe('forever');
    expect(parseRetention('7d')).toBe(604_800_000n);
    expect(() => parseRetention('0s')).toThrow('more than zero');
  });
});

describe('moments', () => {
  test.each([
    ['2h', '2026-05-01T10:00:00.000Z'],
    ['2026-04-30T08:30Z', '2026-04-30T08:30:00.000Z'],
    ['2026-04-30 08:30:15.5+02:00', '2026-04-30T06:30:15.500Z'],
  ])('%s', (text, iso) => expect(parseMoment(text, NOW).toISOString()).toBe(iso));

  test('a date alone is midnight here, like a date with a time and no zone', () => {
    expect(parseMoment('2026-04-30', NOW)).toEqual(new Date(2026, 3, 30));
    expect(parseMoment('2026-04-30T00:00', NOW)).toEqual(new Date(2026, 3, 30));
  });

  test.each(['', 'soon', '2026-13-01', '2026-02-30T99:00Z', '12', '99999999w'])('%j is refused', (text) =>
    expect(() => parseMoment(text, NOW)).toThrow(/expected/),
  );
});

describe('numbers', () => {
  test('offsets stay text up to 2^63-1, without leading zeros', () => {
    expect(parseOffset('9223372036854775807')).toBe('9223372036854775807');
    expect(parseOffset('007')).toBe('7');
    for (const text of ['9223372036854775808', '-1', '1e3', '']) expect(() => parseOffset(text)).toThrow('expected');
  });

  test('integers keep to their bounds', () => {
    expect(integerFrom(1, 10)('10')).toBe(10);
    for (const text of ['0', '11', '1.5', 'x']) expect(() => integerFrom(1, 10)(text)).toThrow('from 1 to 10');
  });

  test('a reset goes to an end, an offset or a time', () => {
    expect(parseResetPoint('earliest', NOW)).toEqual({ to: 'earliest' });
    expect(parseResetPoint('1200', NOW)).toEqual({ to: 'offset', offset: '1200' });
    expect(parseResetPoint('1h', NOW)).toEqual({ to: 'time', time: '2026-05-01T11:00:00.000Z' });
    expect(() => parseResetPoint('start', NOW)).toThrow('earliest, latest');
  });
});

describe('mappings', () => {
  const all = (...texts: string[]) =>
    texts.reduce<ReturnType<typeof addToMapping> | undefined>(
      (mapping, text) => addToMapping(text, mapping),
      undefined,
    );

  test('columns, several key columns, a template, headers, and nothing', () => {
    expect(
      all(
        'key=segment,aggregate_id',
        'payload=body',
        'topic=events.${kind}',
        'header.type=t',
        'header.a=b',
        'headers=',
      ),
    ).toEqual({
      key: ['segment', 'aggregate_id'],
      payload: 'body',
      topic: { template: 'events.${kind}' },
      headerColumns: { type: 't', a: 'b' },
      headers: null,
    });
    expect(all('topic=topic_name', 'message-id=id', 'trace=ctx')).toEqual({
      topic: { column: 'topic_name' },
      messageId: 'id',
      traceProperties: 'ctx',
    });
  });

  test.each([
    ['key', 'field=column'],
    ['=x', 'field=column'],
    ['kee=x', 'there is no field kee'],
    ['constructor=x', 'there is no field constructor'],
    ['header.=x', 'header.<name>=column'],
    ['payload=', 'payload cannot be left out'],
  ])('%s is refused', (text, message) => expect(() => addToMapping(text)).toThrow(message));
});
