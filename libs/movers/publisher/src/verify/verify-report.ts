import type { Finding, FindingKind } from './finding.ts';

/** Findings that are listed; all are counted. */
export const FINDINGS_LISTED_MAX = 1_000;

/** How many findings may still be listed, in all reports that share it. */
export interface ListingRoom {
  left: number;
}

/** Counts of one partition or of everything, with the first findings. */
export class VerifyReport {
  /** Records of the log that were looked for on the cluster. */
  compared = 0n;
  matching = 0n;
  /** Records of the log that are not published yet; they are not missing. */
  pending = 0n;
  /** Records that the cluster has dropped after its own retention; not missing either. */
  expired = 0n;
  /** Records on the cluster that the log has dropped after its own retention: there is nothing to compare them with. */
  pruned = 0n;
  /** Of the missing ones, those behind the end of the partition on the cluster, which the publisher can put back. */
  missingAtEnd = 0n;
  readonly counts: Record<FindingKind, bigint> = { missing: 0n, doubled: 0n, foreign: 0n, differing: 0n };
  readonly #findings: Finding[] = [];
  readonly #room: ListingRoom;

  constructor(room: ListingRoom = { left: FINDINGS_LISTED_MAX }) {
    this.#room = room;
  }

  add(finding: Finding): void {
    this.counts[finding.kind] += 1n;
    this.#list(finding);
  }

  /** So many records in a row, of which only those that are listed are described: they may be millions. */
  addMissingAtEnd(count: bigint, describe: (nth: bigint) => Finding): void {
    this.counts.missing += count;
    this.missingAtEnd += count;
    for (let nth = 0n; nth < count && this.#room.left > 0; nth += 1n) this.#list(describe(nth));
  }

  #list(finding: Finding): void {
    if (this.#room.left <= 0) return;
    this.#room.left -= 1;
    this.#findings.push(finding);
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Whether the cluster holds exactly the log's records; foreign ones in between do not make it differ. */
  get identical(): boolean {
    return this.counts.missing === 0n && this.counts.doubled === 0n && this.counts.differing === 0n;
  }
}
