import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern, isFound, loopsOf } from '../src/index.ts';

function matches(pattern: string, text: string): boolean | undefined {
  const automaton = compilePattern(pattern);
  return automaton && isFound(automaton, text);
}

const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '[a-c_]', '\\d', '\\w', '\\S', '\\.', 'x_');
const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '{0,}', '*?');
const pattern = fc.letrec((tie) => ({
  piece: fc
    // Not deeper: JavaScript itself backtracks exponentially in groups that repeat groups.
    .tuple(
      fc.oneof({ maxDepth: 2 }, { weight: 4, arbitrary: atom }, { weight: 1, arbitrary: tie('group') }),
      quantifier,
    )
    .map(([a, q]) => `${String(a)}${q}`),
  group: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((each) => `(${each.join('|')})`),
  sequence: fc.array(tie('piece'), { maxLength: 3 }).map((each) => each.join('')),
  whole: fc.tuple(fc.constantFrom('', '^'), tie('sequence'), fc.constantFrom('', '$')).map((each) => each.join('')),
})).whole;

test('a text matches as JavaScript says', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'x', '_', '1', '.', ' '), maxLength: 8 });
  fc.assert(
    fc.property(pattern, name, (source, text) => {
      expect(matches(source, text)).toBe(new RegExp(source).test(text));
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  '(?=a)',
  '(?<!a)b',
  '(a)\\1',
  '\\bword',
  '\\p{L}',
  '(?i)a',
  'a{5000}',
  'a++',
  '[a[b]]',
  '(',
  '[',
  'a{2,1}',
  '^*',
])('%s is left undecided', (source) => {
  expect(matches(source, 'a')).toBeUndefined();
});

test('patterns that would backtrack for ever are answered at once', () => {
  const name = 'a'.repeat(900);
  expect(matches('^(a+)+$', `${name}!`)).toBe(false);
  expect(matches('(a|a)*b', name)).toBe(false);
  expect(matches('(.*)*(.*)*(.*)*c', name)).toBe(false);
  expect(matches('^a{1,500}a{1,500}$', name)).toBe(true);
});

test('texts are read by whole characters, as JavaScript does for Unicode', () => {
  for (const [pattern, text] of [
    ['^.$', '😀'],
    ['^[😀-😂]{2}$', '😀😂'],
    ['^[^a]$', '😀'],
    ['😀+', 'a😀😀'],
  ] as const) {
    expect([pattern, matches(pattern, text)]).toEqual([pattern, new RegExp(pattern, 'u').test(text)]);
  }
  expect(matches('\\ud83d\\ude00', '😀')).toBeUndefined();
});

test.each([
  ['^[a-z]{3}-\\d{4}$', 0, false],
  ['^\\w+$', 1, false],
  ['\\s*a\\s*', 2, false],
  ['^(a+)+$', 2, true],
  ['^(a|a)*$', 1, true],
  ['(a?){20}', 1, true],
  ['(\\w+){5}', 1, true],
  ['(ab)*', 1, false],
])('%s repeats %s times, nested: %s', (pattern, count, nested) => {
  expect(loopsOf(pattern)).toEqual({ count, nested });
});
