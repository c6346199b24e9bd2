import { z } from 'zod';
import { type ServerSentEvent, zInt64Text } from '#libs/foundation/http';
import type { TidemarkError } from '#libs/foundation/kernel';
import type { VerifyEvent } from '../../clusters/verify/verify-cluster.ts';
import { isIdentical, type VerifyCounts } from '../../clusters/verify/verify-counts.ts';

const zCounts = {
  identical: z.boolean(),
  compared: zInt64Text,
  matching: zInt64Text,
  missing: zInt64Text,
  doubled: zInt64Text,
  foreign: zInt64Text,
  differing: zInt64Text,
  pending: zInt64Text.meta({ description: 'Not published yet.' }),
  expired: zInt64Text.meta({ description: 'Dropped by the retention of the cluster.' }),
  pruned: zInt64Text.meta({ description: 'On the cluster, and dropped by the retention of the log: not compared.' }),
};

/** The last event of a verification that ran to its end. */
export const zVerifyReport = z.strictObject({
  cluster: z.string(),
  ...zCounts,
  findings: z.int().meta({ description: 'Findings that were told as events; the others are only counted.' }),
  tookMs: z.int(),
  partitions: z.array(z.strictObject({ topic: z.string(), partition: z.int(), ...zCounts })),
  partitionsLeftOut: z.int(),
});

/** Those that are not identical are listed first; the counts above are of all. */
const PARTITIONS_LISTED_MAX = 10_000;

/** An event of a verification as it is sent. */
export function verifyEventView(cluster: string, event: VerifyEvent): ServerSentEvent {
  if (event.event === 'report') return { event: 'report', data: reportView(cluster, event) };
  if (event.event === 'finding') {
    const { topic, finding } = event;
    return { event: 'finding', data: asText({ topic, ...finding }) };
  }
  const { event: name, ...data } = event;
  return { event: name, data: asText(data) };
}

/** A verification that cannot go on ends with this event instead of a report. */
export function verifyFailureView({ code, message, remedy, retryable }: TidemarkError): ServerSentEvent {
  return { event: 'error', data: { code, detail: message, remedy, retryable } };
}

function reportView(cluster: string, report: VerifyEvent & { event: 'report' }): z.output<typeof zVerifyReport> {
  const { counts, findings, tookMs, partitions } = report;
  const ordered = partitions.toSorted((a, b) => Number(isIdentical(a.counts)) - Number(isIdentical(b.counts)));
  const listed = ordered.slice(0, PARTITIONS_LISTED_MAX);
  return {
    cluster,
    ...countsView(counts),
    findings,
    tookMs: Math.round(tookMs),
    partitions: listed.map(({ topic, partition, counts: own }) => ({ topic, partition, ...countsView(own) })),
    partitionsLeftOut: partitions.length - listed.length,
  };
}

function countsView(counts: VerifyCounts) {
  return {
    identical: isIdentical(counts),
    compared: counts.compared.toString(),
    matching: counts.matching.toString(),
    missing: counts.missing.toString(),
    doubled: counts.doubled.toString(),
    foreign: counts.foreign.toString(),
    differing: counts.differing.toString(),
    pending: counts.pending.toString(),
    expired: counts.expired.toString(),
    pruned: counts.pruned.toString(),
  };
}

function asText(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]),
  );
}
