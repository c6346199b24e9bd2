import { type Automaton, compilePattern, isFound, type Loops, loopsOf } from '#libs/formats/patterns';
import { PayloadMismatch } from '../payload-mismatch.ts';

/** Steps that JavaScript's engine may take for one text: a few milliseconds. */
const BACKTRACKING_MAX = 1_000_000;
/** Characters up to which even time that doubles with each of them is short. */
const DOUBLING_LENGTH_MAX = 16;
/** States times characters of one match without backtracking: some tenths of a second. */
const WORK_MAX = 10_000_000;

/**
 * A regular expression whose time is bounded, for texts that others chose. Where backtracking may take long for a text of its
 * length, the text is matched without it, in the time of its length times that of the pattern. Patterns that only a
 * backtracking engine understands (look-around, back references, word boundaries, classes by property) are run as they are.
 */
export class BoundedRegExp {
  readonly #pattern: string;
  readonly #native: RegExp;
  readonly #loops: Loops | undefined;
  #automaton: Automaton | undefined | 'not made' = 'not made';

  /** Throws a SyntaxError for an invalid pattern. */
  constructor(pattern: string, flags: string) {
    this.#pattern = pattern;
    this.#native = new RegExp(pattern, flags);
    this.#loops = loopsOf(pattern);
  }

  /** Throws PayloadMismatch for a text that is too long to be matched in bounded time. */
  test(text: string): boolean {
    if (this.#loops === undefined || this.#isQuick(this.#loops, text.length)) return this.#native.test(text);
    if (this.#automaton === 'not made') this.#automaton = compilePattern(this.#pattern);
    if (this.#automaton === undefined || this.#automaton.steps.length * text.length > WORK_MAX) {
      throw new PayloadMismatch([], `has a text that is too long for the pattern "${this.#pattern}"`, text);
    }
    return isFound(this.#automaton, text);
  }

  /** What ajv tells patterns apart by. */
  toString(): string {
    return this.#native.toString();
  }

  #isQuick({ count, nested }: Loops, length: number): boolean {
    return nested ? length <= DOUBLING_LENGTH_MAX : (length + 1) ** (count + 1) <= BACKTRACKING_MAX;
  }
}
