/**
 * Where something starts in the text, both from 1. Of a type that was read from a descriptor, the line is its place among those of
 * its scope. Absent in trees that were made otherwise; no part of what trees are compared by.
 */
export interface Position {
  readonly line: number;
  /** Counted in UTF-16 code units. */
  readonly column: number;
}

/** What every part of a tree that errors may have to point at carries. */
export interface Placed {
  readonly at?: Position;
}
