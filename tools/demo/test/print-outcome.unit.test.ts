import { expect, test } from '@jest/globals';
import { finding, runChecks } from '../checks/check.ts';
import { checkLines } from '../print-outcome.ts';
import { createScreen } from '../screen.ts';

const screen = createScreen({ write: () => undefined, isTerminal: false, colours: false, columns: 80, now: () => 0 });

test('a failed check shows what differs, at most ten lines of it, and no equation', async () => {
  const differences = Array.from({ length: 12 }, (_, index) => `difference ${index}`);
  const checks = await runChecks([
    { title: 'fine', run: () => Promise.resolve(finding('3 = 3', [])) },
    { title: 'not fine', run: () => Promise.resolve(finding('3 = 4', differences)) },
  ]);
  expect(checks.map((check) => check.passed)).toEqual([true, false]);
  const lines = checkLines(checks, screen);
  expect(lines.slice(0, 3)).toEqual(['  ok      fine      3 = 3', '  FAILED  not fine', '            difference 0']);
  expect(lines.at(-1)).toBe('            … and 2 more');
  expect(lines).toHaveLength(13);
});

test('a check that cannot be carried out has failed', async () => {
  const [check] = await runChecks([{ title: 'broken', run: () => Promise.reject(new Error('no such table')) }]);
  expect(check).toMatchObject({ passed: false, differences: ['no such table'], differencesInAll: 1 });
});
