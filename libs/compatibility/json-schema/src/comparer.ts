import type { ChangeType } from './change-type.ts';
import type { Shape } from './shape.ts';

/** One change from the writer's schema to the reader's. `path` is relative to where the comparison began. */
export interface Change {
  readonly type: ChangeType;
  readonly path: string;
  /** What stands in the way of schemas that found no partner, from the most similar one. */
  readonly because?: readonly Change[];
}

/** A comparison on trial: its changes count only once they are taken over. */
export interface Attempt {
  readonly compatible: boolean;
  readonly changes: readonly Change[];
}

/** What the rules of each kind of schema use. Paths are steps below the place that is being compared. */
export interface Comparer {
  add(type: ChangeType, path?: string, because?: readonly Change[]): void;
  /** Compares schemas below, and keeps what it finds. */
  compare(writer: Shape, reader: Shape, path?: string): void;
  /** Compares without keeping anything; the verdict is remembered. */
  attempt(writer: Shape, reader: Shape): Attempt;
  /** Keeps what an attempt found. */
  take(attempt: Attempt, path?: string): void;
}
