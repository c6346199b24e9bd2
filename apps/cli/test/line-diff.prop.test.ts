import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changedLines, diffLines } from '../src/output/line-diff.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', '{', '}'), { maxLength: 40 }).map((lines) => lines.join('\n'));
const kept = (marks: string, lines: readonly { mark: string; text: string }[]): string =>
  lines
    .filter(({ mark }) => marks.includes(mark))
    .map((line) => line.text)
    .join('\n');

/** The length of the longest common subsequence, the slow way. */
function common(a: readonly string[], b: readonly string[]): number {
  const lengths = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      lengths[i]![j] =
        a[i - 1] === b[j - 1] ? lengths[i - 1]![j - 1]! + 1 : Math.max(lengths[i - 1]![j]!, lengths[i]![j - 1]!);
    }
  }
  return lengths[a.length]![b.length]!;
}

describe('comparing texts line by line', () => {
  test('the old and the new text can be read off, and no comparison is shorter', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const lines = diffLines(a, b);
        expect([kept(' -', lines), kept(' +', lines)]).toEqual([a, b]);
        const split = (each: string): string[] => (each === '' ? [] : each.split('\n'));
        expect(lines.filter(({ mark }) => mark === ' ')).toHaveLength(common(split(a), split(b)));
      }),
    );
  });

  test('texts that are very different are shown as replaced, in bounded time', () => {
    const lines = (prefix: string): string => Array.from({ length: 20_000 }, (_, at) => `${prefix}${at}`).join('\n');
    const found = diffLines(`same\n${lines('a')}`, `same\n${lines('b')}`);
    expect(found.slice(0, 2)).toEqual([
      { mark: ' ', text: 'same' },
      { mark: '-', text: 'a0' },
    ]);
    expect(found).toHaveLength(40_001);
  });

  test('changes are shown with the lines around them', () => {
    const lines = diffLines('1\n2\n3\n4\n5\n6\n7\n8', '1\n2\n3\n4\nfive\n6\n7\n8');
    expect(changedLines(lines, 1)).toEqual(['  …', '  4', '- 5', '+ five', '  6', '  …']);
    expect(changedLines(diffLines('a', 'a'), 3)).toEqual([]);
  });
});
