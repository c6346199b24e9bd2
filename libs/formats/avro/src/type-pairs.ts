import { tooComplex } from './invalid-schema.ts';

/** Deeper than any parsed schema nests by itself; two schemas walked together can wind through more. */
const DEPTH_MAX = 1_000;
const STEPS_MAX = 1_000_000;

/** Pairs of types that a comparison of two schemas has entered, so that it ends on recursive ones; and how deep it is. */
export class TypePairs {
  readonly #entered = new Map<object, Set<object>>();
  #depth = 0;
  #steps = 0;

  /** False when the pair was entered before. */
  enter(a: object, b: object): boolean {
    const partners = this.#entered.get(a) ?? new Set();
    this.#entered.set(a, partners);
    if (partners.has(b)) return false;
    partners.add(b);
    return true;
  }

  /** Runs one level of the comparison. Throws SCHEMA_TOO_COMPLEX beyond 1,000 levels or a million of them in all. */
  descend<T>(level: () => T): T {
    this.#steps += 1;
    if (this.#steps > STEPS_MAX) throw tooComplex(`comparing it takes more than ${STEPS_MAX} steps`);
    if (this.#depth === DEPTH_MAX) throw tooComplex(`comparing it nests deeper than ${DEPTH_MAX} levels`);
    this.#depth += 1;
    try {
      return level();
    } finally {
      this.#depth -= 1;
    }
  }
}
