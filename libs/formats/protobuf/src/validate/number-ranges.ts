import type { Position } from '../ast/position.ts';
import type { NumberRange } from '../ast/ranges.ts';

/** Ranges of numbers with both ends, in order. Looking a number up takes logarithmic time, so that large schemas are checked quickly. */
export class NumberRanges {
  readonly #ranges: readonly PlacedRange[];

  constructor(ranges: readonly PlacedRange[]) {
    this.#ranges = [...ranges].sort((a, b) => a.from - b.from);
  }

  /** The first range that starts before its predecessor ends. */
  overlap(): PlacedRange | undefined {
    return this.#ranges.find((range, index) => index > 0 && range.from <= (this.#ranges[index - 1] as PlacedRange).to);
  }

  /** Whether one of the ranges, which do not overlap, has the number. */
  has(number: number): boolean {
    let low = 0;
    let high = this.#ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const { from, to } = this.#ranges[middle] as PlacedRange;
      if (number < from) high = middle - 1;
      else if (number > to) low = middle + 1;
      else return true;
    }
    return false;
  }
}

export interface PlacedRange {
  readonly from: number;
  readonly to: number;
  readonly at: Position | undefined;
}

/** The ranges of statements with `max` as a number. */
export function placedRanges(
  statements: readonly { readonly ranges: readonly NumberRange[]; readonly at?: Position }[],
  max: number,
): PlacedRange[] {
  return statements.flatMap(({ ranges, at }) =>
    ranges.map(({ from, to }) => ({ from, to: to === 'max' ? max : to, at })),
  );
}
