export interface TrueMessage {
  readonly position: bigint;
  readonly topicId: number;
  readonly messageId: string;
  readonly key: string | null;
  /** The how-manieth message of its key it is, where the writer counted. */
  readonly n: number | null;
}

export interface LoggedBatch {
  readonly topicId: number;
  readonly partition: number;
  readonly baseOffset: bigint;
  readonly records: number;
  readonly step: bigint;
  readonly positions: readonly bigint[];
}

export interface LoggedHead {
  readonly topicId: number;
  readonly partition: number;
  readonly nextOffset: bigint;
  readonly lastPosition: bigint;
}

/** What was committed, and what the log says, at one moment without writers. */
export interface LogTruth {
  readonly messages: readonly TrueMessage[];
  readonly batches: readonly LoggedBatch[];
  readonly heads: readonly LoggedHead[];
  readonly cursor: bigint;
}

const byOffset = (a: LoggedBatch, b: LoggedBatch): number => Number(a.baseOffset - b.baseOffset);
const where = (entry: { topicId: number; partition: number }): string => `${entry.topicId}/${entry.partition}`;

/**
 * Everything in which the log differs from what it promises, in words; empty when it keeps its promises: every committed
 * message exactly once, nothing else; offsets dense from 0 and in the order of positions; heads where the batches end; the
 * messages of a key in one partition in the order in which they were counted. At most `max` of each kind.
 */
export function violationsOf(truth: LogTruth, max = 5): string[] {
  return [...placeViolations(truth, max), ...partitionViolations(truth, max), ...keyViolations(truth, max)];
}

function placeViolations({ messages, batches, cursor }: LogTruth, max: number): string[] {
  const times = new Map<bigint, number>();
  for (const batch of batches) for (const p of batch.positions) times.set(p, (times.get(p) ?? 0) + 1);
  const known = new Set(messages.map((message) => message.position));
  const lost = messages.filter((message) => !times.has(message.position));
  const doubled = [...times].filter(([, count]) => count > 1);
  const phantoms = [...times.keys()].filter((position) => !known.has(position));
  return [
    ...lost.slice(0, max).map((message) => `lost: position ${message.position} (cursor ${cursor})`),
    ...doubled.slice(0, max).map(([position, count]) => `${count} times in the log: position ${position}`),
    ...phantoms.slice(0, max).map((position) => `in the log but never committed: position ${position}`),
  ];
}

function partitionViolations({ batches, heads, cursor }: LogTruth, max: number): string[] {
  const found: string[] = [];
  const ends = new Map<string, { next: bigint; last: bigint }>();
  const ordered = [...batches].sort(byOffset);
  for (const batch of ordered) {
    const end = ends.get(where(batch)) ?? { next: 0n, last: 0n };
    if (batch.baseOffset !== end.next)
      found.push(`gap or overlap: batch ${where(batch)} at ${batch.baseOffset}, expected ${end.next}`);
    if (batch.records !== batch.positions.length)
      found.push(`batch ${where(batch)} at ${batch.baseOffset} counts ${batch.records} of ${batch.positions.length}`);
    for (const position of batch.positions) {
      if (position <= end.last) found.push(`reordered: ${where(batch)} has ${position} after ${end.last}`);
      if (position > batch.step || position > cursor) found.push(`beyond its step or the cursor: position ${position}`);
      end.last = position;
    }
    ends.set(where(batch), { next: batch.baseOffset + BigInt(batch.positions.length), last: end.last });
  }
  for (const head of heads) {
    const end = ends.get(where(head));
    if (head.nextOffset !== end?.next || head.lastPosition !== end.last)
      found.push(`head ${where(head)} at ${head.nextOffset}, batches end at ${end?.next}`);
    ends.delete(where(head));
  }
  found.push(...[...ends.keys()].map((partition) => `no head for ${partition}`));
  return found.slice(0, max);
}

function keyViolations({ messages, batches }: LogTruth, max: number): string[] {
  const found: string[] = [];
  const byPosition = new Map(messages.map((message) => [message.position, message]));
  const counted = new Map<string, { n: number; partition: string }>();
  for (const batch of [...batches].sort(byOffset)) {
    for (const position of batch.positions) {
      const message = byPosition.get(position);
      if (message === undefined || message.key === null || message.n === null) continue;
      const name = `${message.topicId} ${message.key}`;
      const before = counted.get(name) ?? { n: 0, partition: where(batch) };
      if (message.n !== before.n + 1) found.push(`key ${name}: ${message.n} comes after ${before.n}`);
      if (where(batch) !== before.partition) found.push(`key ${name} is in ${before.partition} and ${where(batch)}`);
      counted.set(name, { n: message.n, partition: where(batch) });
    }
  }
  return found.slice(0, max);
}
