import { describe, expect, test } from '@jest/globals';
import { bytesText } from '../src/output/bytes-text.ts';
import { compactJson } from '../src/output/compact-json.ts';
import { explainHolder } from '../src/output/explain-holder.ts';
import { printable } from '../src/output/printable.ts';
import { progressBar } from '../src/output/progress-bar.ts';
import { recordLine } from '../src/output/record-line.ts';
import { renderTable } from '../src/output/table.ts';
import type { RecordAnswer } from '../src/relay/answers.ts';

const utf8 = (data: string) => ({ encoding: 'utf8' as const, data });
const base64 = (bytes: number[]) => ({ encoding: 'base64' as const, data: Buffer.from(bytes).toString('base64') });
const record = (changes: Partial<RecordAnswer> = {}): RecordAnswer => ({
  topic: 'orders',
  partition: 3,
  offset: '9007199254740993',
  position: '17',
  messageId: '0197c2b4-3c5f-7a0e-9d52-5b1f0e6f8a11',
  time: '2026-05-01T12:00:00.000Z',
  schemaId: null,
  key: utf8('order-17'),
  value: utf8('{"a": 1}'),
  headers: [],
  ...changes,
});

describe('payloads', () => {
  test('JSON is compacted without touching numbers, repeated keys and text in strings', () => {
    const text = '{ "id" : 12345678901234567890,\n "a":1.0, "a": 2, "t": "x  \\" y" , "e": "\\\\" }';
    expect(compactJson(text)).toBe('{"id":12345678901234567890,"a":1.0,"a":2,"t":"x  \\" y","e":"\\\\"}');
    expect(compactJson('no json')).toBeUndefined();
  });

  test('a string of many megabytes is no problem', () => {
    const text = JSON.stringify({ a: 'x'.repeat(20_000_000) });
    expect(compactJson(text) === text).toBe(true);
  });

  test('text cannot steer the terminal', () => {
    expect(printable('a\u001b[31mb\n\u009bc\u202ed')).toBe('a\\u001b[31mb\\n\\u009bc\\u202ed');
    expect(bytesText(utf8('{"a":"\u009b2J"}'))).toBe('{"a":"\\u009b2J"}');
  });

  test('other bytes are an excerpt in hex', () => {
    expect(bytesText(base64([0, 255]))).toBe('0x00ff (2 bytes)');
    expect(bytesText(base64(Array.from({ length: 100 }, () => 171)))).toBe(`0x${'ab'.repeat(24)}… (100 bytes)`);
  });
});

describe('records on a line', () => {
  test('place, time, key and value', () => {
    expect(recordLine(record())).toBe('3:9007199254740993  2026-05-01T12:00:00.000Z  order-17  {"a":1}');
    expect(recordLine(record({ key: null, value: null }))).toMatch(/Z {2}- {2}\(tombstone\)$/);
  });

  test('without value, with headers, cut to a width', () => {
    expect(recordLine(record(), { keyOnly: true })).toMatch(/order-17$/);
    const headers = [
      { name: 'type', value: utf8('paid') },
      { name: 'none', value: null },
    ];
    expect(recordLine(record({ headers }), { headers: true })).toMatch(/ \[type=paid, none=\]$/);
    expect(recordLine(record(), { columns: 20 })).toBe('3:9007199254740993 …');
  });
});

describe('tables', () => {
  const columns = [{ title: 'NAME' }, { title: 'COUNT', align: 'right' as const }, { title: 'NOTE' }];

  test('columns are aligned, and nothing trails', () => {
    expect(
      renderTable(columns, [
        ['orders', '5', ''],
        ['é', '1200', 'x'],
      ]),
    ).toBe(['NAME    COUNT  NOTE', 'orders      5', 'é        1200  x'].join('\n'));
  });

  test('the widest columns are cut first, and no line is wider than the terminal', () => {
    const text = renderTable(columns, [['a'.repeat(60), '5', 'short note']], { columns: 40 });
    expect(text.split('\n')[1]).toBe(`${'a'.repeat(20)}…      5  short note`);
    const narrow = renderTable(columns, [['a'.repeat(60), '5', 'b'.repeat(60)]], { columns: 12 });
    expect(narrow.split('\n').every((line) => line.length <= 12)).toBe(true);
  });

  test('cells cannot break lines', () => {
    expect(renderTable([{ title: 'A' }], [['x\ny']])).toBe('A\nx\\ny');
  });
});

test('progress', () => {
  expect(progressBar(1_200n, 3_000n)).toBe(`[${'#'.repeat(12)}${'.'.repeat(18)}] 1200 of 3000 (40%)`);
  expect(progressBar(0n, 0n)).toContain('100%');
});

describe('who holds the horizon', () => {
  const holder = {
    fence: '41',
    pid: 4711,
    state: 'idle in transaction',
    applicationName: 'billing',
    clientAddress: '10.0.0.5',
    ageMs: 95_000,
    query: 'insert into t\nvalues (1)',
    preparedId: null,
  };

  test('a process: who it is, what it does, for how long, what to do', () => {
    expect(explainHolder(holder)).toEqual([
      'process 4711 (billing, 10.0.0.5) has written messages and does nothing now; its transaction has been open for 1m 35s; readers see nothing after position 41 until it ends',
      '  its last statement: insert into t\\nvalues (1)',
      '  if it is stuck: commit or roll back there, or: select pg_terminate_backend(4711)',
    ]);
  });

  test('a prepared transaction is named, since no process has it', () => {
    const lines = explainHolder({ ...holder, pid: null, state: null, query: null, preparedId: 'gid-7' });
    expect(lines.join('\n')).toContain("ROLLBACK PREPARED 'gid-7'");
  });
});

describe('values with a schema', () => {
  const decoded = { schemaId: 7, schemaType: 'AVRO' } as const;

  test('are shown as what they say', () => {
    const line = recordLine(record({ value: base64([0, 1]), decoded: { ...decoded, value: { cents: '5' } } }));
    expect(line).toMatch(/ {2}\{"cents":"5"\}$/);
  });

  test('that cannot be read say why, and show their bytes', () => {
    const error = { code: 'SCHEMA_UNKNOWN', message: 'no schema 7' };
    const line = recordLine(record({ value: base64([0, 1]), decoded: { ...decoded, error } }));
    expect(line).toMatch(/\(SCHEMA_UNKNOWN: no schema 7\) 0x0001 \(2 bytes\)$/);
  });
});
