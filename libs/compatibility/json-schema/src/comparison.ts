import type { CompatibilityPolicy } from '#libs/compatibility/levels';
import { TidemarkError } from '#libs/foundation/kernel';
import { type ChangeType, isAllowed } from './change-type.ts';
import type { Comparer } from './comparer.ts';
import { Findings, NOTHING_FOUND } from './findings.ts';
import type { Shape } from './shape.ts';

/** Levels of schemas within schemas, references followed: well below what the call stack holds. */
const DEPTH_MAX = 400;

const NEW_PAIR_STEPS = 2;
const KNOWN_PAIR_STEPS = 0.25;

type Rules = (writer: Shape, reader: Shape, comparer: Comparer) => void;

/** A pair that was compared, or is being compared: then it counts as the same wherever it is met within itself. */
interface Compared {
  readonly writer: Shape;
  readonly reader: Shape;
  readonly findings: Findings;
  readonly depth: number;
  underWay: boolean;
  /** The outermost pair under way that had to be taken as the same; Infinity when what was found holds for good. */
  reliesOn: number;
}

/**
 * Compares shapes that may contain themselves, every pair once, wherever it is met. What is found while an outer pair counts
 * as the same is used as long as that pair is under way; it holds for good once the outer pair turned out compatible, or if
 * it breaks anyway, and is forgotten otherwise. Throws SCHEMA_TOO_COMPLEX after `stepsMax` steps of about a microsecond.
 */
export class Comparison implements Comparer {
  readonly #rules: Rules;
  readonly #policy: CompatibilityPolicy;
  readonly #pairs = new Map<Shape, Map<Shape, Compared>>();
  #stepsLeft: number;
  #depth = 0;
  #findings = new Findings();
  /** Of the pair being compared: what it relied on so far, and what is not yet sure. */
  #reliesOn = Infinity;
  #unsure: Compared[] = [];

  constructor(rules: Rules, policy: CompatibilityPolicy, stepsMax: number) {
    this.#rules = rules;
    this.#policy = policy;
    this.#stepsLeft = stepsMax;
  }

  add(type: ChangeType, path = '', because?: Findings): void {
    this.#findings.add({ type, path, because }, isAllowed(type, this.#policy));
  }

  compare(writer: Shape, reader: Shape, path = ''): void {
    this.#findings.include(this.attempt(writer, reader), path);
  }

  take(attempt: Findings, path = ''): void {
    this.#findings.include(attempt, path);
  }

  attempt(writer: Shape, reader: Shape): Findings {
    const known = this.#pairs.get(writer)?.get(reader);
    this.spend(known === undefined ? NEW_PAIR_STEPS : KNOWN_PAIR_STEPS);
    if (known === undefined) return this.#first(writer, reader);
    this.#reliesOn = Math.min(this.#reliesOn, known.underWay ? known.depth : known.reliesOn);
    return known.underWay ? NOTHING_FOUND : known.findings;
  }

  spend(steps: number): void {
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) {
      throw new TidemarkError('SCHEMA_TOO_COMPLEX', 'The schemas take too many steps to compare.');
    }
  }

  #first(writer: Shape, reader: Shape): Findings {
    const [findings, reliesOn, unsure] = [this.#findings, this.#reliesOn, this.#unsure];
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) {
      throw new TidemarkError('SCHEMA_TOO_COMPLEX', `The schemas nest deeper than ${DEPTH_MAX} levels to compare.`);
    }
    [this.#findings, this.#reliesOn, this.#unsure] = [new Findings(), Infinity, []];
    const pair: Compared = {
      writer,
      reader,
      findings: this.#findings,
      depth: this.#depth,
      underWay: true,
      reliesOn: Infinity,
    };
    this.#remember(pair);
    this.#rules(writer, reader, this);
    pair.underWay = false;
    const within = this.#unsure;
    // What relied on this pair alone relies on nothing any more.
    const outer = this.#reliesOn < this.#depth ? this.#reliesOn : Infinity;
    this.#depth -= 1;
    [this.#findings, this.#reliesOn, this.#unsure] = [findings, Math.min(reliesOn, outer), unsure];
    this.#settle(pair, within, outer);
    return pair.findings;
  }

  #settle(pair: Compared, within: readonly Compared[], outer: number): void {
    if (!pair.findings.compatible) {
      // It breaks in any case; what passed because this pair counted as the same might not.
      for (const each of within) this.#pairs.get(each.writer)?.delete(each.reader);
      return;
    }
    pair.reliesOn = outer;
    for (const each of within) each.reliesOn = outer;
    if (outer === Infinity) return;
    this.spend(within.length / 16);
    for (const each of within) this.#unsure.push(each);
    this.#unsure.push(pair);
  }

  #remember(pair: Compared): void {
    let partners = this.#pairs.get(pair.writer);
    if (partners === undefined) {
      partners = new Map();
      this.#pairs.set(pair.writer, partners);
    }
    partners.set(pair.reader, pair);
  }
}
