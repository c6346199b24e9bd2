import { describe, expect, test } from '@jest/globals';
import type { Message } from '../src/message.ts';
import { messageRow } from '../src/message-row.ts';

describe('messageRow', () => {
  test("keeps the application's key order and number text", () => {
    const row = messageRow('t', { payload: { b: 1, a: [1e21, 0.1, '\ud800'], ä: null } });
    expect(row.payload?.toString('utf8')).toBe('{"b":1,"a":[1e+21,0.1,"\\ud800"],"ä":null}');
  });

  test('keeps bytes, and views of a larger buffer as what they show', () => {
    const view = new Uint8Array([9, 0, 255, 9]).subarray(1, 3);
    const row = messageRow('t', { key: view, payload: view });
    expect(row.key).toEqual(Buffer.from([0, 255]));
    expect(row.payload).toEqual(Buffer.from([0, 255]));
  });

  test('null is a tombstone, and a JSON null can be sent as bytes', () => {
    expect(messageRow('t', { key: 'k', payload: null }).payload).toBeNull();
    expect(messageRow('t', { payload: Buffer.from('null') }).payload?.toString()).toBe('null');
  });

  test('keeps duplicate and binary headers in order, and adds traceparent once', () => {
    const headers = [
      ['a', '1'],
      ['a', Buffer.from([0, 1])],
      ['n', null],
    ] as const;
    expect(JSON.parse(messageRow('t', { payload: 1, headers }, '00-x').headers ?? '')).toEqual([
      ['a', '1'],
      ['a', { base64: 'AAE=' }],
      ['n', null],
      ['traceparent', '00-x'],
    ]);
    expect(JSON.parse(messageRow('t', { payload: 1, headers: { TraceParent: 'own' } }, '00-x').headers ?? '')).toEqual([
      ['TraceParent', 'own'],
    ]);
    expect(messageRow('t', { payload: 1 }).headers).toBeNull();
  });

  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  test.each<[string, string, unknown]>([
    ['an undefined payload', 'MESSAGE_INVALID', { payload: undefined }],
    ['a function as payload', 'MESSAGE_INVALID', { payload: () => 1 }],
    ['a bigint in the payload', 'MESSAGE_INVALID', { payload: { n: 1n } }],
    ['a cycle in the payload', 'MESSAGE_INVALID', { payload: cyclic }],
    ['no message', 'MESSAGE_INVALID', undefined],
    ['a fraction as partition', 'MESSAGE_INVALID', { payload: 1, partition: 1.5 }],
    ['a negative partition', 'MESSAGE_INVALID', { payload: 1, partition: -1 }],
    ['a message id that is no UUID', 'MESSAGE_INVALID', { payload: 1, messageId: 'abc' }],
    ['a number as key', 'KEY_INVALID', { payload: 1, key: 7 }],
    ['half a surrogate pair as key', 'KEY_INVALID', { payload: 1, key: '\ud800' }],
    ['a number as header', 'HEADERS_INVALID', { payload: 1, headers: { a: 1 } }],
    ['a header with NUL', 'HEADERS_INVALID', { payload: 1, headers: { a: '\0' } }],
    ['a header that is no pair', 'HEADERS_INVALID', { payload: 1, headers: [['a']] }],
    ['text as headers', 'HEADERS_INVALID', { payload: 1, headers: 'a=b' }],
  ])('refuses %s with %s', (_what, code, message) => {
    expect(() => messageRow('t', message as Message)).toThrow(expect.objectContaining({ code }));
  });

  test('refuses an empty topic', () => {
    expect(() => messageRow('', { payload: 1 })).toThrow(expect.objectContaining({ code: 'MESSAGE_INVALID' }));
  });
});
