import { describe, expect, test } from '@jest/globals';
import { inOneMessage } from '../src/index.ts';

describe('a statement in one message', () => {
  test('numbers stand as they are, text is quoted', () => {
    expect(inOneMessage('select $1, $2, $3, $4', [-1, 9_007_199_254_740_993n, null, "it's"])).toBe(
      `select (-1), 9007199254740993, null, 'it''s'`,
    );
  });

  test('lists are arrays, whose texts are quoted within', () => {
    expect(inOneMessage('select $1, $2', [[-1, 2n], []])).toBe(`select '{-1,2}', '{}'`);
    expect(inOneMessage('select $1', [['{1,2}', 'b']])).toBe(`select '{"{1,2}","b"}'`);
    expect(inOneMessage('select $1', [['a"b']])).toBe(String.raw`select  E'{"a\\"b"}'`);
  });

  test('what looks like a place inside of a value stays what it is', () => {
    expect(inOneMessage('select $1, $2', ['$2 $& $1', 10])).toBe(`select '$2 $& $1', 10`);
    expect(inOneMessage('select $10', [1, 2, 3, 4, 5, 6, 7, 8, 9, 'ten'])).toBe(`select 'ten'`);
  });

  test('a missing value and what is no number are refused', () => {
    expect(() => inOneMessage('select $2', [1])).toThrow('the statement has $2, but 1 values');
    expect(() => inOneMessage('select $1', [Number.NaN])).toThrow('NaN is no number');
  });
});
