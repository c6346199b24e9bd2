import { formatDuration } from '../input/duration.ts';
import type { FindingAnswer, VerifyReportAnswer } from '../relay/cluster-answers.ts';
import { printable } from './printable.ts';

/** A finding on one line. */
export function findingText(finding: FindingAnswer): string {
  const { topic, partition, kind, clusterOffset, logOffset, messageId, detail } = finding;
  const log = logOffset === null ? '' : `, log offset ${logOffset}`;
  const id = messageId === null ? '' : ` (${messageId})`;
  return printable(`${kind} at ${topic}-${partition} offset ${clusterOffset}${log}: ${detail}${id}`);
}

/** Findings that follow one another, on one line. */
export function runText(first: FindingAnswer, last: FindingAnswer): string {
  const { topic, partition, kind, clusterOffset, logOffset, detail } = first;
  const count = BigInt(last.clusterOffset) - BigInt(clusterOffset) + 1n;
  const log = logOffset === null || last.logOffset === null ? '' : `, log offsets ${logOffset} to ${last.logOffset}`;
  const offsets = `offsets ${clusterOffset} to ${last.clusterOffset}${log}`;
  return printable(`${kind} at ${topic}-${partition} ${offsets}: ${count} records; ${detail}`);
}

/** What has come of a verification, the numbers that are not zero. */
export function reportText(report: VerifyReportAnswer): string {
  const counts = (['missing', 'doubled', 'differing', 'foreign', 'pending', 'expired', 'pruned'] as const)
    .filter((name) => report[name] !== '0')
    .map((name) => `${report[name]} ${name}`);
  const partitions = report.partitions.length + report.partitionsLeftOut;
  const wrong = report.partitions.filter(({ identical }) => !identical).length;
  const verdict = report.identical ? 'identical' : `NOT IDENTICAL in ${wrong} partitions`;
  const rest = counts.length === 0 ? '' : `, ${counts.join(', ')}`;
  const took = formatDuration(report.tookMs);
  const told = report.findings < 1_000 ? [] : ['More was found than is listed; the counts are of all.'];
  return [
    `${report.cluster}: ${verdict}; ${report.matching} of ${report.compared} records match${rest} (${partitions} partitions in ${took})`,
    ...told,
  ].join('\n');
}
