import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchesName } from '../src/match-name.ts';

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

test('a name matches as JavaScript says', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'x', '_', '1', '.', ' '), maxLength: 8 });
  fc.assert(
    fc.property(pattern, name, (source, text) => {
      expect(matchesName(source, text)).toBe(new RegExp(source).test(text));
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
  expect(matchesName(source, 'a')).toBeUndefined();
});

test('patterns that would backtrack for ever are answered at once', () => {
  const name = 'a'.repeat(900);
  expect(matchesName('^(a+)+$', `${name}!`)).toBe(false);
  expect(matchesName('(a|a)*b', name)).toBe(false);
  expect(matchesName('(.*)*(.*)*(.*)*c', name)).toBe(false);
  expect(matchesName('^a{1,500}a{1,500}$', name)).toBe(true);
});
