/** A record that the log in Postgres has. */
export interface LoggedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly messageId: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** A record that a cluster has, as a consumer reads it. */
export interface ReadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Of the header `tidemark-message-id`; null without one. */
  readonly messageId: string | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** What `log.cluster_segment` says: from a log offset on, records lie `delta` further on the cluster. */
export interface PlacedRun {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: bigint;
  readonly delta: bigint;
}

/** What Postgres and one cluster hold of the same topics, at a moment at which nothing is being written. */
export interface ClusterTruth {
  readonly log: readonly LoggedRecord[];
  readonly cluster: readonly ReadRecord[];
  readonly runs: readonly PlacedRun[];
  /** Records of others that the test itself wrote; any other is a violation. Default: none. */
  readonly isForeign?: (record: ReadRecord) => boolean;
}

const where = (entry: { topic: string; partition: number }): string => `${entry.topic}/${entry.partition}`;
const place = (entry: { topic: string; partition: number; offset: bigint }): string =>
  `${where(entry)}@${entry.offset}`;

/**
 * Everything in which the cluster differs from what exact mode promises, in words; empty when it keeps the promise: each
 * record of the log exactly once, in order, at its log offset plus the delta of its run, with its message id, key and value;
 * no offset without a record, and nobody else's records but those told. At most `max` of each kind. Shares nothing with the
 * publisher, nor with its verification.
 */
export function clusterViolations(truth: ClusterTruth, max = 5): string[] {
  const { log, cluster, isForeign = () => false } = truth;
  const ours = cluster.filter((record) => !isForeign(record));
  const logged = new Map(log.map((record) => [record.messageId, record]));
  const found = new Map<string, ReadRecord[]>();
  for (const record of ours) {
    const id = record.messageId ?? '';
    found.set(id, [...(found.get(id) ?? []), record]);
  }
  const missing = log.filter(({ messageId }) => !found.has(messageId));
  const doubled = [...found].filter(([id, records]) => logged.has(id) && records.length > 1);
  const strangers = ours.filter(({ messageId }) => messageId === null || !logged.has(messageId));
  return [
    ...missing.slice(0, max).map((record) => `missing: ${place(record)} of the log`),
    ...doubled
      .slice(0, max)
      .map(([, records]) => `${records.length} times on the cluster: ${records.map(place).join(', ')}`),
    ...strangers.slice(0, max).map((record) => `not of the log: ${place(record)} of the cluster`),
    ...misplaced(ours, logged, truth.runs).slice(0, max),
    ...reordered(ours, logged).slice(0, max),
    ...gaps(cluster).slice(0, max),
  ];
}

function misplaced(
  records: readonly ReadRecord[],
  logged: ReadonlyMap<string, LoggedRecord>,
  runs: readonly PlacedRun[],
): string[] {
  return records.flatMap((record) => {
    const original = logged.get(record.messageId ?? '');
    if (original === undefined) return [];
    const run = runs
      .filter((each) => where(each) === where(original) && each.fromOffset <= original.offset)
      .reduce<PlacedRun | undefined>(
        (last, each) => (each.fromOffset > (last?.fromOffset ?? -1n) ? each : last),
        undefined,
      );
    if (run === undefined) return [`no run of offsets holds ${place(original)} of the log`];
    const expected = place({ ...original, offset: original.offset + run.delta });
    if (place(record) !== expected)
      return [`${place(original)} of the log is at ${place(record)}, expected ${expected}`];
    if (!same(record.key, original.key)) return [`another key: ${place(record)}`];
    return same(record.value, original.value) ? [] : [`another value: ${place(record)}`];
  });
}

function reordered(records: readonly ReadRecord[], logged: ReadonlyMap<string, LoggedRecord>): string[] {
  const last = new Map<string, bigint>();
  return [...records].sort(byOffset).flatMap((record) => {
    const original = logged.get(record.messageId ?? '');
    if (original === undefined) return [];
    const before = last.get(where(record)) ?? -1n;
    last.set(where(record), original.offset);
    return original.offset > before ? [] : [`reordered: ${place(original)} of the log comes behind ${before}`];
  });
}

function gaps(records: readonly ReadRecord[]): string[] {
  const next = new Map<string, bigint>();
  return [...records].sort(byOffset).flatMap((record) => {
    const expected = next.get(where(record)) ?? 0n;
    next.set(where(record), record.offset + 1n);
    return record.offset === expected ? [] : [`gap: ${place(record)} of the cluster follows ${expected - 1n}`];
  });
}

const byOffset = (one: ReadRecord, other: ReadRecord): number => Number(one.offset - other.offset);

function same(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}
