import type { ChangeType } from './change-type.ts';
import type { Findings } from './findings.ts';
import type { Shape } from './shape.ts';

/** What the rules of each kind of schema use. Paths are steps below the place that is being compared. */
export interface Comparer {
  add(type: ChangeType, path?: string, because?: Findings): void;
  /** Compares schemas below, and keeps what it finds. */
  compare(writer: Shape, reader: Shape, path?: string): void;
  /** Compares on trial: what it finds counts only once it is taken over. */
  attempt(writer: Shape, reader: Shape): Findings;
  /** Keeps what an attempt found. */
  take(attempt: Findings, path?: string): void;
  /** Counts work that is more than a comparison, in units of about a microsecond. */
  spend(steps: number): void;
}
