import type { VerifyReport } from '#libs/movers/publisher';

/** What a verification has counted; see VerifyReport. */
export interface VerifyCounts {
  compared: bigint;
  matching: bigint;
  missing: bigint;
  doubled: bigint;
  foreign: bigint;
  differing: bigint;
  pending: bigint;
  expired: bigint;
  pruned: bigint;
}

export function countsOf(report: VerifyReport): VerifyCounts {
  const { compared, matching, counts, pending, expired, pruned } = report;
  return { compared, matching, ...counts, pending, expired, pruned };
}

export function sumOf(all: readonly VerifyCounts[]): VerifyCounts {
  const sum = (name: keyof VerifyCounts): bigint => all.reduce((total, each) => total + each[name], 0n);
  return {
    compared: sum('compared'),
    matching: sum('matching'),
    missing: sum('missing'),
    doubled: sum('doubled'),
    foreign: sum('foreign'),
    differing: sum('differing'),
    pending: sum('pending'),
    expired: sum('expired'),
    pruned: sum('pruned'),
  };
}

/** Whether the cluster holds exactly the log's records; foreign ones in between do not make it differ. */
export function isIdentical({ missing, doubled, differing }: VerifyCounts): boolean {
  return missing === 0n && doubled === 0n && differing === 0n;
}
