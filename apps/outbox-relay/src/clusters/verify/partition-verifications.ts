import {
  ClusterReader,
  type Finding,
  type ListingRoom,
  tooLargeRecord,
  verifyPartition,
  VerifyReport,
  type VerifySources,
} from '#libs/movers/publisher';
import { PostgresClusterStore, type RoutedTopic } from '#libs/stores/log';
import { knownMessages } from '#libs/stores/topic';
import { type ObservedPartition, observeTopic } from './observe-topic.ts';
import { PageSize } from './page-size.ts';
import type { PartitionPlace, VerifyParts } from './verify-parts.ts';

/** What happens while a partition is verified: how far it is, what was found, and what has come of it. */
export type PartitionEvent = PartitionPlace &
  (
    | { readonly kind: 'progress'; readonly done: bigint; readonly total: bigint }
    | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
    | {
        readonly kind: 'verified';
        /** Log offset: the records before it had to be there. */
        readonly ackedOffset: bigint;
        readonly report: VerifyReport;
      }
  );

export interface TopicVerifyOptions {
  /** Default: all of them. */
  readonly partition?: number;
  readonly room: ListingRoom;
  /** What one partition may have in memory of each side. */
  readonly bytes: number;
}

/** Records of the log in one reading, however small they are. */
const READ_RECORDS = 10_000;

/**
 * Looks at a topic as it is now, and answers the verification of each of its partitions; nothing is read before one is run,
 * and several may run at a time. They throw what reading either side throws, and the signal's reason.
 */
export async function partitionVerifications(
  parts: VerifyParts,
  topic: RoutedTopic,
  { partition, room, bytes }: TopicVerifyOptions,
): Promise<AsyncGenerator<PartitionEvent>[]> {
  const { client, random, signal } = parts;
  const reader = new ClusterReader({ client, topic: topic.name, sleep: parts.sleep, random, signal });
  const observed = await observeTopic(parts, topic, reader, partition);
  const refused = await new PostgresClusterStore(parts.db).placeholders(parts.cluster.clusterId, topic.topicId);
  const placeholders = new Set(refused.map((each) => `${each.partition}:${each.offset}`));
  return observed.map((of) => {
    const sources = sourcesOf(parts, topic, { of, reader, placeholders, bytes });
    return verification(of, topic.topic, sources, new VerifyReport(room), signal);
  });
}

async function* verification(
  of: ObservedPartition,
  topic: string,
  sources: VerifySources,
  report: VerifyReport,
  signal: AbortSignal,
): AsyncGenerator<PartitionEvent> {
  const { partition, ackedOffset } = of;
  const place = { topic, partition };
  let told = 0;
  if (of.bounds === undefined) report.pending += of.endOffset - of.startOffset;
  else
    for await (const { done, total } of verifyPartition(of, sources, report)) {
      signal.throwIfAborted();
      yield { ...place, kind: 'progress', done, total };
      const findings = report.findings.slice(told);
      told += findings.length;
      if (findings.length > 0) yield { ...place, kind: 'findings', findings };
    }
  if (report.findings.length > told) yield { ...place, kind: 'findings', findings: report.findings.slice(told) };
  yield { ...place, kind: 'verified', ackedOffset, report };
}

interface SourceParts {
  readonly of: ObservedPartition;
  readonly reader: ClusterReader;
  readonly placeholders: ReadonlySet<string>;
  readonly bytes: number;
}

function sourcesOf(
  parts: VerifyParts,
  topic: RoutedTopic,
  { of, reader, placeholders, bytes }: SourceParts,
): VerifySources {
  const page = new PageSize(bytes);
  return {
    bounds: () => Promise.resolve(of.bounds ?? { startOffset: 0n, endOffset: 0n }),
    fetch: async (partition, offset) => {
      const fetched = await reader.fetch(partition, offset, page.bytes);
      page.came(fetched.records);
      return fetched;
    },
    readLog: async (partition, offset, limit) => {
      const limits = { maxBytes: bytes, maxRecords: Math.min(limit, READ_RECORDS) };
      return (await parts.reader.read(topic.topic, partition, offset, limits)).records;
    },
    recordFor: (record) =>
      parts.recordFor(
        placeholders.has(`${record.partition}:${record.offset}`) ? tooLargeRecord(record) : record,
        topic.name,
      ),
    known: (messageIds) => knownMessages(parts.db, topic.topic, messageIds),
  };
}
