import { expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { fromPlain, javaNumber, type JsonNode, member, parseJson, printJson, sameJson, toPlain } from '../src/index.ts';

const reprint = (text: string): string => printJson(parseJson(text));

function failure(run: () => unknown): TidemarkError {
  try {
    run();
  } catch (error) {
    return error as TidemarkError;
  }
  throw new Error('nothing was thrown');
}

test('key order, integer-like names and exact numbers survive', () => {
  expect(reprint('{ "10": 1, "9": 2.0,\n "b": [ ], "1": 9223372036854775807, "e": { } }')).toBe(
    '{"10":1,"9":2.0,"b":[],"1":9223372036854775807,"e":{}}',
  );
});

// What Jackson 2.17 prints with USE_BIG_DECIMAL_FOR_FLOATS and withExactBigDecimals(true).
test.each([
  ['1.0', '1.0'],
  ['1e5', '1E+5'],
  ['1E-7', '1E-7'],
  ['-0', '0'],
  ['-0.0', '0.0'],
  ['0.000', '0.000'],
  ['0e5', '0E+5'],
  ['0E-5', '0.00000'],
  ['0.0000001', '1E-7'],
  ['0.000001', '0.000001'],
  ['0.00000010', '1.0E-7'],
  ['1.50e3', '1.50E+3'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
  ['1e400', '1E+400'],
  ['12.3E+7', '1.23E+8'],
  ['1.0e0', '1.0'],
  ['1e0', '1'],
  ['100e-2', '1.00'],
  ['0.1e1', '1'],
  ['-1e-400', '-1E-400'],
])('the number %s prints as %s', (text, printed) => {
  expect(javaNumber(text)).toBe(printed);
  expect(javaNumber(printed)).toBe(printed);
});

test('strings are escaped as Jackson escapes them', () => {
  expect(reprint('"\\u0000\\u001f\\u007f\\u2028\\/\\b\\f\\n\\r\\t\\"\\\\<\\ud83d\\ude00\\u00e9"')).toBe(
    '"\\u0000\\u001F\u007f\u2028/\\b\\f\\n\\r\\t\\"\\\\<😀é"',
  );
  expect(reprint('"\\ud800"')).toBe('"\\uD800"');
});

test('of equal names the last value counts, at the place of the first', () => {
  expect(reprint('{"b":{"x":1},"a":1,"b":{"y":2}}')).toBe('{"b":{"y":2},"a":1}');
});

test.each([
  [
    '',
    'The text ends where a value (string, number, object, array, true, false or null) was expected at line 1, column 1.',
  ],
  ['{"a":1,\n "b" 2}', `Found '2' where a colon after the name "b" was expected at line 2, column 6.`],
  [
    '[1,]',
    "Found ']' where a value (string, number, object, array, true, false or null) was expected at line 1, column 4.",
  ],
  ['{"a":1,}', "Found '}' where a member name in double quotes was expected at line 1, column 8."],
  ['01', '"01" is not a JSON number at line 1, column 1.'],
  ['1.', '"1." is not a JSON number at line 1, column 1.'],
  ['{} x', "Found 'x' where the end of the text after the value was expected at line 1, column 4."],
  [
    '"a\nb"',
    'Found the control character 10 where an escape such as \\n in place of a control character was expected at line 1, column 3.',
  ],
  ['"abc', 'A string is not closed at line 1, column 1.'],
  ['"\\x"', 'There is no escape \\x at line 1, column 2.'],
  ['"\\u12"', 'Four hexadecimal digits have to follow \\u at line 1, column 2.'],
  ['1e99999999999', 'The number 1e99999999999 is too long or its exponent too large at line 1, column 1.'],
])('%j is refused with its place', (text, message) => {
  const error = failure(() => parseJson(text));
  expect([error.code, error.message]).toEqual(['SCHEMA_INVALID', message]);
});

test.each([
  'NaN',
  "'a'",
  '// c\n1',
  '+1',
  '.5',
  '1.e3',
  'nullx',
  'toString',
  '\ufeff1',
  '\u00a01',
  '[1}',
  '-',
  '1a',
  '{a:1}',
])('%j is refused', (text) => {
  expect(failure(() => parseJson(text)).code).toBe('SCHEMA_INVALID');
});

test('depth, size and number of values are bounded, whatever the caller allows', () => {
  const deep = '['.repeat(100_000);
  expect(failure(() => parseJson(deep)).code).toBe('SCHEMA_TOO_COMPLEX');
  expect(failure(() => parseJson(deep, { depthMax: 1_000_000 })).code).toBe('SCHEMA_TOO_COMPLEX');
  expect(failure(() => parseJson(`[${'1,'.repeat(200_000)}1]`)).code).toBe('SCHEMA_TOO_COMPLEX');
  expect(failure(() => parseJson(`"${'é'.repeat(600_000)}"`)).code).toBe('SCHEMA_TOO_COMPLEX');
  expect(parseJson('['.repeat(200) + ']'.repeat(200)).kind).toBe('array');
});

test('members are found in small and large objects, never on the prototype', () => {
  const large = parseJson(`{${Array.from({ length: 50 }, (_, i) => `"k${i}":${i}`).join(',')}}`);
  expect(member(large, 'k49')).toEqual({ kind: 'number', text: '49' });
  expect(member(large, 'constructor')).toBeUndefined();
  expect(member(parseJson('{"a":null}'), 'a')).toEqual({ kind: 'null' });
  expect(member(parseJson('[]'), 'a')).toBeUndefined();
});

test('plain values keep a member called __proto__', () => {
  const node: JsonNode = parseJson('{"__proto__":{"a":1},"n":[1.50,null]}');
  expect(JSON.stringify(toPlain(node))).toBe('{"__proto__":{"a":1},"n":[1.5,null]}');
  expect(printJson(fromPlain({ a: 5n, b: undefined, c: [1.5, 'x'] }))).toBe('{"a":5,"c":[1.5,"x"]}');
});

test('equal values are equal however they are written', () => {
  expect(sameJson(parseJson('{"a":1,"b":[10e1]}'), parseJson('{"b":[100.0],"a":1.0}'))).toBe(true);
  expect(sameJson(parseJson('9007199254740993'), parseJson('9007199254740992'))).toBe(false);
  expect(sameJson(parseJson('0.0'), parseJson('-0'))).toBe(true);
  expect(sameJson(parseJson('"1"'), parseJson('1'))).toBe(false);
});
