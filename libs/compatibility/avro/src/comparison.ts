import { TidemarkError } from '#libs/foundation/kernel';
import { type AvroType, isNamed, type UnionType } from '#libs/formats/avro';
import { type Difference, DIFFERENCES_MAX } from '#libs/compatibility/levels';
import { BranchIndex } from './branch-index.ts';

/** Levels of types within types; two schemas together can wind through more than each by itself. */
const DEPTH_MAX = 1_000;
const FINDINGS_PER_STEP = 32;
const NONE: readonly Finding[] = [];

/** A difference that is put into words only when it is shown: of most, unions ask no more than whether they are there. */
export type Finding = () => Difference;

/** What is wrong between two types at a place: a JSON pointer into the reader, empty at the root. */
export type Comparer = (reader: AvroType, writer: AvroType, path: string, to: Comparison) => readonly Finding[];

/**
 * The state of one comparison of two schemas: pairs of types already compared, so that recursive schemas end, and the work done,
 * so that no pair of schemas keeps a server busy. A pair that is met again reports what it reported first, at the places of
 * then, as Java does; one met inside itself is taken for compatible until the outer one says otherwise. Of each pair no more
 * findings are kept than are ever listed, since types that share types would multiply them with every level.
 */
export class Comparison {
  readonly #compare: Comparer;
  readonly #stepsMax: number;
  readonly #found = new Map<AvroType, Map<AvroType, readonly Finding[]>>();
  readonly #readers = new Map<AvroType, AvroType[]>();
  readonly #unions = new Map<UnionType, BranchIndex>();
  #steps = 0;
  #depth = 0;

  constructor(compare: Comparer, stepsMax: number) {
    this.#compare = compare;
    this.#stepsMax = stepsMax;
  }

  /** Throws SCHEMA_TOO_COMPLEX beyond the steps of the comparison, or 1,000 levels. */
  findings(reader: AvroType, writer: AvroType, path: string): readonly Finding[] {
    const known = this.#found.get(reader)?.get(writer);
    this.spend(1 + (known?.length ?? 0) / FINDINGS_PER_STEP);
    if (known) return known;
    // Most pairs are two primitive types that agree: looking again costs less than remembering it.
    if (isPrimitive(reader) && isPrimitive(writer)) {
      const found = this.#compare(reader, writer, path, this);
      if (found.length > 0) this.#remember(reader, writer, found);
      return found;
    }
    this.#remember(reader, writer, NONE);
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw tooComplex(`nests deeper than ${DEPTH_MAX} levels`);
    const found = this.#compare(reader, writer, path, this).slice(0, DIFFERENCES_MAX);
    this.#depth -= 1;
    if (found.length > 0) this.#remember(reader, writer, found);
    return found;
  }

  #remember(reader: AvroType, writer: AvroType, found: readonly Finding[]): void {
    let byWriter = this.#found.get(reader);
    if (byWriter === undefined) {
      byWriter = new Map();
      this.#found.set(reader, byWriter);
    }
    if (!byWriter.has(writer) && isNamed(writer)) {
      const readers = this.#readers.get(writer);
      if (readers === undefined) this.#readers.set(writer, [reader]);
      else readers.push(reader);
    }
    byWriter.set(writer, found);
  }

  /** The types that a named type has been compared with, or is being compared with. */
  readersOf(writer: AvroType): readonly AvroType[] {
    const readers = this.#readers.get(writer) ?? [];
    this.spend(readers.length / FINDINGS_PER_STEP);
    return readers;
  }

  branchesOf(union: UnionType): BranchIndex {
    let index = this.#unions.get(union);
    if (index === undefined) {
      this.spend(union.branches.length);
      index = new BranchIndex(union);
      this.#unions.set(union, index);
    }
    return index;
  }

  /** Counts work that is more than one step. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#stepsMax) throw tooComplex(`takes more than ${this.#stepsMax} steps`);
  }
}

function isPrimitive(type: AvroType): boolean {
  const { kind } = type;
  return kind !== 'union' && kind !== 'array' && kind !== 'map' && !isNamed(type);
}

function tooComplex(what: string): TidemarkError {
  return new TidemarkError('SCHEMA_TOO_COMPLEX', `Comparing the two Avro schemas ${what}.`);
}
