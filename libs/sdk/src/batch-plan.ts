import { type MessageRow, rowBytes } from './message-row.ts';

/** A row of a batch and its place in the order that the caller gave. */
export interface PlacedRow {
  readonly row: MessageRow;
  readonly place: number;
}

/** What a batch does, in order. */
export type BatchStep =
  | { readonly kind: 'lock-topic'; readonly topic: string }
  | { readonly kind: 'send'; readonly rows: readonly PlacedRow[] };

export interface BatchLimits {
  /** Rows per statement. */
  readonly rowsMax: number;
  /** Bytes of keys, payloads and headers per statement; a larger single message gets a statement of its own. */
  readonly bytesMax: number;
  /** Distinct keys that are locked one by one before topics are locked as a whole (Postgres' lock table is small). */
  readonly keyLocksMax: number;
}

/**
 * Orders the rows by topic and key, so that all transactions take the locks of (topic, key) in one order and cannot
 * deadlock; rows of one key keep their order. A topic that would bring the batch over `keyLocksMax` is locked whole, at
 * its turn in the order of topics and not before all others, for the same reason: later escalation by the database would
 * upgrade a shared lock, which two transactions cannot do at once.
 */
export function planBatch(rows: readonly MessageRow[], limits: BatchLimits): BatchStep[] {
  const placed = rows
    .map((row, place) => ({ row, place }))
    .sort((a, b) => compareRows(a.row, b.row) || a.place - b.place);
  const steps: BatchStep[] = [];
  let keysLocked = 0;
  let open: PlacedRow[] = [];
  let openBytes = 0;
  const close = (): void => {
    if (open.length > 0) steps.push({ kind: 'send', rows: open });
    open = [];
    openBytes = 0;
  };
  for (const topic of topicRuns(placed)) {
    const keys = distinctKeys(topic.rows);
    if (keysLocked + keys > limits.keyLocksMax) {
      close();
      steps.push({ kind: 'lock-topic', topic: topic.name });
    } else {
      keysLocked += keys;
    }
    for (const item of topic.rows) {
      const bytes = rowBytes(item.row);
      if (open.length >= limits.rowsMax || (open.length > 0 && openBytes + bytes > limits.bytesMax)) close();
      open.push(item);
      openBytes += bytes;
    }
  }
  close();
  return steps;
}

function compareRows(a: MessageRow, b: MessageRow): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  if (a.key === null || b.key === null) return Number(a.key !== null) - Number(b.key !== null);
  return Buffer.compare(a.key, b.key);
}

function topicRuns(sorted: readonly PlacedRow[]): { name: string; rows: PlacedRow[] }[] {
  const runs: { name: string; rows: PlacedRow[] }[] = [];
  for (const item of sorted) {
    const last = runs.at(-1);
    if (last?.name === item.row.topic) last.rows.push(item);
    else runs.push({ name: item.row.topic, rows: [item] });
  }
  return runs;
}

function distinctKeys(sorted: readonly PlacedRow[]): number {
  let count = 0;
  let before: Buffer | null = null;
  for (const { row } of sorted) {
    if (row.key !== null && (before === null || !row.key.equals(before))) count += 1;
    before = row.key;
  }
  return count;
}
