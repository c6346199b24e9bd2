import { describe, expect, it } from '@jest/globals';
import { AbortedTransactions } from '../src/record-batch/aborted-transactions.ts';

describe('aborted transactions', () => {
  it('begin at their first offset and end with the marker of their producer', () => {
    const aborted = new AbortedTransactions([
      { producerId: 2n, firstOffset: 20n },
      { producerId: 1n, firstOffset: 10n },
    ]);
    expect(aborted.has(1n, 9n)).toBe(false);
    expect(aborted.has(1n, 12n)).toBe(true);
    expect(aborted.has(2n, 15n)).toBe(false);
    expect(aborted.has(1n, 19n)).toBe(true);
    aborted.end(1n);
    expect(aborted.has(1n, 22n)).toBe(false);
    expect(aborted.has(2n, 23n)).toBe(true);
  });

  it('count when a fetch begins in their middle, and again when the same producer aborts twice', () => {
    const aborted = new AbortedTransactions([
      { producerId: 1n, firstOffset: 3n },
      { producerId: 1n, firstOffset: 60n },
    ]);
    expect(aborted.has(1n, 50n)).toBe(true);
    aborted.end(1n);
    expect(aborted.has(1n, 55n)).toBe(false);
    expect(aborted.has(1n, 61n)).toBe(true);
  });
});
