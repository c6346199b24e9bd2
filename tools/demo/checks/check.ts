import { describeError } from '#libs/foundation/kernel';

/** What a check found. It has passed when there is no difference. */
export interface Finding {
  /** What was compared, in numbers. */
  readonly figures: string;
  /** One line for each thing that is not as it should be; at most DIFFERENCES_MAX of them are given. */
  readonly differences: readonly string[];
  /** All of them, shown or not. */
  readonly differencesInAll: number;
}

export interface CheckResult extends Finding {
  readonly title: string;
  readonly passed: boolean;
}

export interface Check {
  /** The promise that is checked. */
  readonly title: string;
  readonly run: () => Promise<Finding>;
}

export const DIFFERENCES_MAX = 10;

export function finding(figures: string, differences: readonly string[]): Finding {
  return { figures, differences: differences.slice(0, DIFFERENCES_MAX), differencesInAll: differences.length };
}

/** Runs all checks, one after the other. A check that cannot be carried out has failed. */
export async function runChecks(checks: readonly Check[]): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { title, run } of checks) {
    const found = await run().catch((error: unknown) => finding('could not be carried out', [describeError(error)]));
    results.push({ title, passed: found.differencesInAll === 0, ...found });
  }
  return results;
}

/** 12,345 */
export function count(value: number | bigint): string {
  return value.toLocaleString('en');
}
