import type { FetchedRecord, KafkaRecord } from '#libs/foundation/kafka';
import { messageIdOf, unclampTime } from '#libs/stores/topic';
import { differences } from './differences.ts';
import type { Finding } from './finding.ts';

/** A record of the log where it belongs on the cluster. */
export interface ExpectedRecord {
  readonly clusterOffset: bigint;
  readonly logOffset: bigint;
  readonly messageId: string;
  readonly record: KafkaRecord;
}

/** A record on the cluster where another one, or none, belongs: whose it is must be looked up. */
export interface Stray {
  readonly clusterOffset: bigint;
  readonly messageId: string | null;
}

export interface WindowOutcome {
  /** Records that are where they belong, byte for byte. */
  readonly matching: number;
  readonly findings: readonly Finding[];
  readonly strays: readonly Stray[];
}

export interface WindowOptions {
  readonly partition: number;
  /** The cluster may have removed records that have a newer one of their key: an absent one is not missing then. */
  readonly compacted: boolean;
}

/**
 * Compares a run of offsets of a cluster with the log: `expected` and `found` are all records of the same run, each in the
 * order of offsets.
 */
export function compareWindow(
  expected: readonly ExpectedRecord[],
  found: readonly FetchedRecord[],
  { partition, compacted }: WindowOptions,
): WindowOutcome {
  const findings: Finding[] = [];
  const strays: Stray[] = [];
  let matching = 0;
  let at = 0;
  const missing = (wanted: ExpectedRecord, detail: string): void => {
    const { clusterOffset, logOffset, messageId } = wanted;
    findings.push({ kind: 'missing', partition, clusterOffset, logOffset, messageId, detail });
  };
  const stray = (record: FetchedRecord): void => {
    strays.push({ clusterOffset: record.offset, messageId: messageIdOf(record) });
  };
  for (const wanted of expected) {
    for (; at < found.length && found[at]!.offset < wanted.clusterOffset; at += 1) stray(found[at]!);
    const there = found[at];
    if (there === undefined || there.offset !== wanted.clusterOffset) {
      if (!compacted) missing(wanted, 'no record is there');
      continue;
    }
    at += 1;
    if (messageIdOf(there) !== wanted.messageId) {
      missing(wanted, 'another record stands in its place');
      stray(there);
      continue;
    }
    const parts = differences(wanted.record, unclampTime(there));
    if (parts.length === 0) matching += 1;
    else {
      const { clusterOffset, logOffset, messageId } = wanted;
      findings.push({
        kind: 'differing',
        partition,
        clusterOffset,
        logOffset,
        messageId,
        detail: `other bytes in ${parts.join(', ')}`,
      });
    }
  }
  for (; at < found.length; at += 1) stray(found[at]!);
  return { matching, findings, strays };
}
