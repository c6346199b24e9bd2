import { expect, test } from '@jest/globals';
import { PageSize } from '../src/clusters/verify/page-size.ts';

const MB = 1_048_576;
const recordOf = (bytes: number) => ({ key: null, value: Buffer.alloc(bytes), headers: [], timestampMs: 0 });

test('asks for less where records unfold to more, and for more again when they do not', () => {
  const page = new PageSize(MB);
  expect(page.bytes).toBe(MB);
  page.came([recordOf(4 * MB), recordOf(4 * MB)]);
  expect(page.bytes).toBe(MB / 8);
  page.came([recordOf(1_000)]);
  expect(page.bytes).toBe(MB / 4);
  for (let pages = 0; pages < 5; pages += 1) page.came([]);
  expect(page.bytes).toBe(MB);
  for (let pages = 0; pages < 5; pages += 1) page.came([recordOf(64 * MB)]);
  expect(page.bytes).toBe(16_384);
});
