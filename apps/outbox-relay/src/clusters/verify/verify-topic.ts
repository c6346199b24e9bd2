import {
  ClusterReader,
  FINDINGS_LISTED_MAX,
  type Finding,
  tooLargeRecord,
  verifyPartition,
  VerifyReport,
  type VerifySources,
} from '#libs/movers/publisher';
import { PostgresClusterStore, type RoutedTopic } from '#libs/stores/log';
import { knownMessages } from '#libs/stores/topic';
import { type ObservedPartition, observeTopic } from './observe-topic.ts';
import type { VerifyParts } from './verify-parts.ts';

/** What happens while a topic is verified: how far a partition is, what was found, and what has come of it. */
export type TopicEvent =
  | { readonly kind: 'progress'; readonly partition: number; readonly done: bigint; readonly total: bigint }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | {
      readonly kind: 'partition';
      readonly partition: number;
      /** Log offset: the records before it had to be there. */
      readonly ackedOffset: bigint;
      readonly report: VerifyReport;
    };

/** Records of the log in memory at a time. */
const READ = { maxRecords: 10_000, maxBytes: 8 * 1024 * 1024 } as const;

/**
 * Verifies the partitions of a topic one after the other. `findingsLeft`: how many findings may still be listed, over all
 * topics; all are counted. Throws what reading either side throws, and the signal's reason.
 */
export async function* verifyTopic(
  parts: VerifyParts,
  topic: RoutedTopic,
  { partition, findingsLeft = FINDINGS_LISTED_MAX }: { readonly partition?: number; readonly findingsLeft?: number },
): AsyncGenerator<TopicEvent> {
  const { client, random, signal } = parts;
  const reader = new ClusterReader({ client, topic: topic.name, sleep: parts.sleep, random, signal });
  const observed = await observeTopic(parts, topic, reader, partition);
  const sources = await sourcesOf(parts, topic, reader, observed);
  let left = findingsLeft;
  for (const of of observed) {
    const report = new VerifyReport(left);
    let told = 0;
    if (of.bounds === undefined) report.pending += of.endOffset - of.startOffset;
    else
      for await (const { done, total } of verifyPartition(of, sources, report)) {
        signal.throwIfAborted();
        yield { kind: 'progress', partition: of.partition, done, total };
        for (const finding of report.findings.slice(told)) yield { kind: 'finding', finding };
        told = report.findings.length;
      }
    for (const finding of report.findings.slice(told)) yield { kind: 'finding', finding };
    left -= report.findings.length;
    yield { kind: 'partition', partition: of.partition, ackedOffset: of.ackedOffset, report };
  }
}

async function sourcesOf(
  parts: VerifyParts,
  topic: RoutedTopic,
  reader: ClusterReader,
  observed: readonly ObservedPartition[],
): Promise<VerifySources> {
  const { db, cluster } = parts;
  const bounds = new Map(observed.map((each) => [each.partition, each.bounds]));
  const refused = await new PostgresClusterStore(db).placeholders(cluster.clusterId, topic.topicId);
  const placeholders = new Set(refused.map(({ partition, offset }) => `${partition}:${offset}`));
  return {
    bounds: (partition) => Promise.resolve(bounds.get(partition) ?? { startOffset: 0n, endOffset: 0n }),
    fetch: (partition, offset) => reader.fetch(partition, offset),
    readLog: async (partition, offset, limit) => {
      const limits = { ...READ, maxRecords: Math.min(limit, READ.maxRecords) };
      return (await parts.reader.read(topic.topic, partition, offset, limits)).records;
    },
    recordFor: (record) =>
      parts.recordFor(
        placeholders.has(`${record.partition}:${record.offset}`) ? tooLargeRecord(record) : record,
        topic.name,
      ),
    known: (messageIds) => knownMessages(db, topic.topic, messageIds),
  };
}
