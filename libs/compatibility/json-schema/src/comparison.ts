import type { CompatibilityPolicy } from '#libs/compatibility/levels';
import { TidemarkError } from '#libs/foundation/kernel';
import { type ChangeType, isAllowed } from './change-type.ts';
import type { Attempt, Change, Comparer } from './comparer.ts';
import type { Shape } from './shape.ts';

/** Levels of schemas within schemas, references followed: well below what the call stack holds. */
const DEPTH_MAX = 400;

type Rules = (writer: Shape, reader: Shape, comparer: Comparer) => void;

/**
 * Compares shapes that may contain themselves: a pair that is being compared already counts as the same, and what was found
 * without relying on that is remembered, so that shared definitions are compared once. Throws SCHEMA_TOO_COMPLEX after
 * `stepsMax` comparisons.
 */
export class Comparison implements Comparer {
  readonly #rules: Rules;
  readonly #policy: CompatibilityPolicy;
  #stepsLeft: number;
  readonly #attempts = new Map<Shape, Map<Shape, Attempt>>();
  readonly #same = new Map<Shape, Set<Shape>>();
  readonly #underWay = new Map<Shape, Map<Shape, number>>();
  #depth = 0;
  /** The outermost pair that was taken as the same while it was still being compared. */
  #reliesOn = Infinity;
  #path = '';
  #changes: Change[] = [];

  constructor(rules: Rules, policy: CompatibilityPolicy, stepsMax: number) {
    this.#rules = rules;
    this.#policy = policy;
    this.#stepsLeft = stepsMax;
  }

  run(writer: Shape, reader: Shape): readonly Change[] {
    this.compare(writer, reader);
    return this.#changes;
  }

  add(type: ChangeType, path?: string, because?: readonly Change[]): void {
    this.#changes.push({ type, path: joined(this.#path, path), because });
  }

  compare(writer: Shape, reader: Shape, path?: string): void {
    const outer = this.#path;
    this.#path = joined(outer, path);
    this.#compare(writer, reader);
    this.#path = outer;
  }

  attempt(writer: Shape, reader: Shape): Attempt {
    const known = this.#attempts.get(writer)?.get(reader);
    if (known !== undefined) return known;
    const [path, changes, relied] = [this.#path, this.#changes, this.#reliesOn];
    this.#path = '';
    this.#changes = [];
    this.#reliesOn = Infinity;
    this.#compare(writer, reader);
    const found = this.#changes;
    const compatible = found.every(({ type }) => isAllowed(type, this.#policy));
    const attempt: Attempt = { compatible, changes: found };
    // What breaks while others count as the same breaks in any case; what passes might not.
    if (!compatible || this.#reliesOn > this.#depth) within(this.#attempts, writer).set(reader, attempt);
    this.#reliesOn = Math.min(relied, this.#reliesOn);
    this.#path = path;
    this.#changes = changes;
    return attempt;
  }

  take(attempt: Attempt, path?: string): void {
    const base = joined(this.#path, path);
    for (const change of attempt.changes) {
      this.#step();
      this.#changes.push({ ...change, path: joined(base, change.path) });
    }
  }

  #compare(writer: Shape, reader: Shape): void {
    this.#step();
    if (this.#same.get(writer)?.has(reader) === true) return;
    const pairs = within(this.#underWay, writer);
    const since = pairs.get(reader);
    if (since !== undefined) {
      this.#reliesOn = Math.min(this.#reliesOn, since);
      return;
    }
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) {
      throw new TidemarkError('SCHEMA_TOO_COMPLEX', `The schemas nest deeper than ${DEPTH_MAX} levels to compare.`);
    }
    const [before, relied, depth] = [this.#changes.length, this.#reliesOn, this.#depth];
    this.#reliesOn = Infinity;
    pairs.set(reader, depth);
    this.#rules(writer, reader, this);
    pairs.delete(reader);
    this.#depth -= 1;
    const reliesOnOuter = this.#reliesOn < depth;
    if (!reliesOnOuter && this.#changes.length === before) {
      const partners = this.#same.get(writer) ?? new Set();
      this.#same.set(writer, partners.add(reader));
    }
    this.#reliesOn = Math.min(relied, reliesOnOuter ? this.#reliesOn : Infinity);
  }

  #step(): void {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) {
      throw new TidemarkError('SCHEMA_TOO_COMPLEX', 'The schemas take too many steps to compare.');
    }
  }
}

function joined(path: string, step: string | undefined): string {
  if (step === undefined || step === '') return path;
  return path === '' ? step : `${path}/${step}`;
}

function within<V>(pairs: Map<Shape, Map<Shape, V>>, writer: Shape): Map<Shape, V> {
  let partners = pairs.get(writer);
  if (partners === undefined) {
    partners = new Map();
    pairs.set(writer, partners);
  }
  return partners;
}
