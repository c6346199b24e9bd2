import { expect, test } from '@jest/globals';
import { nextDropAction } from '../../src/retention/drop-progress.ts';

test.each([
  ['attached', 99, 'wait'],
  ['attached', 100, 'detach'],
  ['detaching', 0, 'finalize'],
  ['detached', 0, 'drop-table'],
  ['absent', 0, 'delete-log'],
] as const)('%s, marked for %i ms: %s', (progress, markedForMs, action) => {
  expect(nextDropAction(progress, markedForMs, 100)).toBe(action);
});
