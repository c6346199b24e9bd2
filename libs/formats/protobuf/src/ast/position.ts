/** Where something starts in the text, both from 1. Absent in trees that were not parsed from text; never compared. */
export interface Position {
  readonly line: number;
  /** Counted in UTF-16 code units. */
  readonly column: number;
}

/** What every part of a tree that errors may have to point at carries. */
export interface Placed {
  readonly at?: Position;
}
