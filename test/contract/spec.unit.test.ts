import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

const root = new URL('../../', import.meta.url);
const spec = await readFile(new URL('docs/SPEC.md', root), 'utf8');

interface Reference {
  readonly guarantee: string;
  readonly file: string;
  readonly title: string;
}

// A guarantee is a heading "### G1 ..."; its tests are list items: - `path`: title
function references(text: string): Reference[] {
  const found: Reference[] = [];
  let guarantee = '';
  for (const line of text.split('\n')) {
    const heading = /^### (\S+)/.exec(line);
    if (heading) guarantee = heading[1]!;
    const item = /^- `([^`]+\.test\.ts)`: (.+)$/.exec(line);
    if (item) found.push({ guarantee, file: item[1]!, title: item[2]! });
  }
  return found;
}

test('every guarantee of docs/SPEC.md names at least one test', () => {
  const guarantees = [...spec.matchAll(/^### (\S+)/gm)].map((match) => match[1]!);
  const named = new Set(references(spec).map((reference) => reference.guarantee));
  expect(guarantees.length).toBeGreaterThan(8);
  expect(guarantees.filter((guarantee) => !named.has(guarantee))).toEqual([]);
});

test.each(references(spec).map((reference) => [reference.guarantee, reference.file, reference.title] as const))(
  '%s: %s has the test "%s"',
  async (_guarantee, file, title) => {
    const source = await readFile(new URL(file, root), 'utf8');
    // Line breaks of a formatted source do not matter.
    expect(source.replaceAll(/\s+/g, ' ')).toContain(title);
  },
);
