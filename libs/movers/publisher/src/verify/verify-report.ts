import type { Finding, FindingKind } from './finding.ts';

/** Findings that are listed; all are counted. */
export const FINDINGS_LISTED_MAX = 1_000;

/** Counts of one partition or of everything, with the first findings. */
export class VerifyReport {
  /** Records of the log that were looked for on the cluster. */
  compared = 0n;
  matching = 0n;
  /** Records of the log that are not published yet; they are not missing. */
  pending = 0n;
  /** Records that the cluster has dropped after its own retention; not missing either. */
  expired = 0n;
  readonly counts: Record<FindingKind, bigint> = { missing: 0n, doubled: 0n, foreign: 0n, differing: 0n };
  readonly #findings: Finding[] = [];

  add(finding: Finding): void {
    this.counts[finding.kind] += 1n;
    if (this.#findings.length < FINDINGS_LISTED_MAX) this.#findings.push(finding);
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Whether the cluster holds exactly the log's records; foreign ones in between do not make it differ. */
  get identical(): boolean {
    return this.counts.missing === 0n && this.counts.doubled === 0n && this.counts.differing === 0n;
  }
}
