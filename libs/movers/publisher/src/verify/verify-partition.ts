import type { FetchedPartition, FetchedRecord, KafkaRecord } from '#libs/foundation/kafka';
import { TidemarkError } from '#libs/foundation/kernel';
import { AffineMap, type PlacedRun, type Segment } from '#libs/stores/log';
import type { TopicRecord } from '#libs/stores/topic';
import { compareWindow, type ExpectedRecord, type Stray } from './compare-window.ts';
import { expectedWindows } from './expected-windows.ts';
import { countWithin } from './runs-within.ts';
import type { VerifyReport } from './verify-report.ts';

/** A partition as it stands when its verification begins. */
export interface PartitionToVerify {
  readonly partition: number;
  readonly segments: readonly Segment[];
  /** Log offsets: records before `ackedOffset` must be on the cluster, those before `startOffset` are no longer in the log. */
  readonly ackedOffset: bigint;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  readonly compacted: boolean;
}

/** What verification reads; records come in the order of offsets. */
export interface VerifySources {
  /** Where the partition begins and ends on the cluster; the end is the high watermark. */
  bounds(partition: number): Promise<{ readonly startOffset: bigint; readonly endOffset: bigint }>;
  /** Records of the cluster from an offset on, which is within its bounds. Throws what the cluster answers instead. */
  fetch(partition: number, offset: bigint): Promise<FetchedPartition>;
  /** Records of the log from an offset on, at most so many; fewer when they are large. */
  readLog(partition: number, offset: bigint, limit: number): Promise<readonly TopicRecord[]>;
  /** What stands for a record on the cluster. */
  recordFor(record: TopicRecord): KafkaRecord;
  /** Those of the ids that the log has in this topic. */
  known(messageIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Fetches in a row that bring nothing, though records must be there. */
const EMPTY_FETCHES_MAX = 20;

/**
 * Compares one partition of a cluster with the log, offset by offset, into `report`; yields after each fetch how many
 * offsets of the cluster are done, of how many. Records that arrive after its start are left to the next verification.
 * Throws KAFKA_REFUSED when the cluster stops answering with records, and what the sources throw.
 */
export async function* verifyPartition(
  of: PartitionToVerify,
  sources: VerifySources,
  report: VerifyReport,
): AsyncGenerator<{ readonly done: bigint; readonly total: bigint }> {
  const map = new AffineMap(of.segments);
  const runs = map.runs(of.startOffset, of.endOffset);
  const { startOffset, endOffset: end } = await sources.bounds(of.partition);
  report.expired += countWithin(runs, 0n, startOffset);
  const begin = max(startOffset, min(placeOfLogStart(of.startOffset, map), end));
  report.pruned += countWithin(map.runs(0n, of.startOffset), startOffset, begin);
  let at = begin;
  let empty = 0;
  while (at < end) {
    const page = await sources.fetch(of.partition, at);
    if (page.logStartOffset > at) {
      // The cluster's retention has overtaken us.
      const next = min(page.logStartOffset, end);
      report.expired += countWithin(runs, at, next);
      at = next;
      continue;
    }
    const to = min(page.nextOffset, end);
    empty = to === at ? empty + 1 : 0;
    if (empty > EMPTY_FETCHES_MAX) throw stuck(of, at, end);
    const found = page.records.filter(({ offset }) => offset >= at && offset < to);
    let looked = 0;
    for await (const window of expectedWindows(runs, { begin: at, end: to }, logOf(of, sources))) {
      let until = looked;
      while (until < found.length && found[until]!.offset < window.to) until += 1;
      await compare(of, sources, report, window.expected, found.slice(looked, until));
      looked = until;
    }
    at = to;
    yield { done: at - begin, total: end - begin };
  }
  reportEnd(of, runs, end, report);
}

/**
 * Where the log's first record is on the cluster. What lies before it there the log has dropped after its own retention, and
 * nothing is left to compare it with.
 */
function placeOfLogStart(startOffset: bigint, map: AffineMap): bigint {
  if (map.first === undefined || startOffset <= map.first.fromOffset) return 0n;
  return map.nextOnCluster(startOffset)?.place ?? 0n;
}

function logOf({ partition }: PartitionToVerify, sources: VerifySources) {
  return {
    readLog: (offset: bigint, limit: number) => sources.readLog(partition, offset, limit),
    recordFor: (record: TopicRecord) => sources.recordFor(record),
  };
}

async function compare(
  of: PartitionToVerify,
  sources: VerifySources,
  report: VerifyReport,
  expected: readonly ExpectedRecord[],
  found: readonly FetchedRecord[],
): Promise<void> {
  const { partition, compacted } = of;
  const outcome = compareWindow(expected, found, { partition, compacted });
  report.compared += BigInt(expected.length);
  report.matching += BigInt(outcome.matching);
  for (const finding of outcome.findings) report.add(finding);
  if (outcome.strays.length === 0) return;
  const ids = outcome.strays.flatMap(({ messageId }) => (messageId === null ? [] : [messageId]));
  const known = ids.length === 0 ? new Set<string>() : await sources.known(ids);
  for (const stray of outcome.strays) report.add(findingOf(partition, stray, known));
}

function findingOf(partition: number, { clusterOffset, messageId }: Stray, known: ReadonlySet<string>) {
  const ours = messageId !== null && known.has(messageId);
  return {
    kind: ours ? 'doubled' : 'foreign',
    partition,
    clusterOffset,
    logOffset: null,
    messageId,
    detail: ours
      ? 'the log has this message, and its place is another one'
      : 'the log has no such message: another producer writes into this topic',
  } as const;
}

/** Records behind the end of the cluster: lost when they had arrived, else still to come. */
function reportEnd(of: PartitionToVerify, runs: readonly PlacedRun[], end: bigint, report: VerifyReport): void {
  for (const run of runs) {
    const firstAbsent = max(run.from, end - run.delta);
    const lost = max(0n, min(run.to, of.ackedOffset) - firstAbsent);
    report.compared += lost;
    report.addMissingAtEnd(lost, (nth) => ({
      kind: 'missing',
      partition: of.partition,
      clusterOffset: firstAbsent + nth + run.delta,
      logOffset: firstAbsent + nth,
      messageId: null,
      detail: `the partition ends at ${end} on the cluster`,
    }));
    report.pending += max(0n, run.to - max(firstAbsent, of.ackedOffset));
  }
}

function stuck(of: PartitionToVerify, at: bigint, end: bigint): TidemarkError {
  return new TidemarkError(
    'KAFKA_REFUSED',
    `partition ${of.partition}: the cluster answers with no records at offset ${at}, though it ends at ${end}`,
  );
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
