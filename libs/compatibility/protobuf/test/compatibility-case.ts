/** A pair of schemas, what differs when the new one reads the old one, and in which directions they go together. */
export interface CompatibilityCase {
  readonly title: string;
  readonly old: string;
  readonly new: string;
  /** Every change, allowed or not, as `TYPE path`, in any order. */
  readonly changes: readonly string[];
  readonly compatible: 'both ways' | 'backward' | 'forward' | 'neither way';
  readonly oldImports?: Readonly<Record<string, string>>;
  readonly newImports?: Readonly<Record<string, string>>;
}

/** Short for a case without imports. */
export function pair(
  title: string,
  older: string,
  newer: string,
  compatible: CompatibilityCase['compatible'],
  ...changes: readonly string[]
): CompatibilityCase {
  return { title, old: older, new: newer, compatible, changes };
}
