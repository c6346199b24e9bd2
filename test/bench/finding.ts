/** What one measurement found: a line of the table and an entry of the JSON. */
export interface Finding {
  /** Row of the table of targets, e.g. '1'; findings beyond the targets have a letter behind it, e.g. '1b'. */
  readonly row: string;
  readonly what: string;
  /** What was measured, for people: '5,210/s', 'p50 1.9 ms, p99 6.2 ms'. */
  readonly measured: string;
  /** The floor of the same rounds, for people; '' without one. */
  readonly floor: string;
  /** Median of the ratios of the rounds, with the lowest and the highest; absent without a floor. */
  readonly ratio?: { readonly median: number; readonly min: number; readonly max: number };
  /** For people: '>= 0.85'; '' when there is none. */
  readonly target: string;
  /** Absent when there is no target. */
  readonly met?: boolean;
  /** Everything needed to judge or repeat it: sizes, settings, the numbers of every round. */
  readonly details: Readonly<Record<string, unknown>>;
}
