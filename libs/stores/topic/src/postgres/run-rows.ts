import { assert } from '#libs/foundation/kernel';
import type { CopiedRows } from '#libs/foundation/postgres';
import { ROW_FIELDS } from './copy-runs.sql.ts';
import { PositionTable } from './position-table.ts';

/** The rows of one run in a copy. */
export interface RunRows {
  /** Index in what was wanted. */
  readonly wanted: number;
  readonly topic: string;
  readonly partition: number;
  /** Records that the log has there. */
  readonly expected: number;
  /** Records that came. */
  readonly count: number;
  readonly hasPlaceholders: boolean;
  readonly buffer: Buffer;
  /** Where the rows begin in the buffer, in the order of their offsets: `count` of them. */
  readonly starts: Int32Array;
  /** Of all rows. */
  readonly bytes: number;
}

type Growing = { -readonly [Name in keyof RunRows]: RunRows[Name] };

/** Sorts the rows of copyRuns: by run, and by position, which ascends with the offsets of a partition. */
export function runRowsOf(rows: CopiedRows, partitionOf: (wanted: number) => number): RunRows[] {
  const runs: Growing[] = [];
  const slices: { readonly run: number; readonly positions: number; readonly records: number }[] = [];
  let records = 0;
  let start = rows.at;
  for (; rows.next(); start = rows.at) {
    const described = rows.text();
    if (described === null) break;
    const slice = describe(described);
    if (runs.at(-1)?.wanted !== slice.wanted) runs.push(emptyRun(slice, partitionOf(slice.wanted), rows.buffer));
    const run = runs.at(-1)!;
    run.expected += slice.records;
    run.hasPlaceholders ||= slice.placeholders > 0;
    rows.skip(3);
    slices.push({ run: runs.length - 1, positions: rows.field(), records: slice.records });
    rows.skip(ROW_FIELDS - 5);
    records += slice.records;
  }
  rows.at = start;
  const runAt = new PositionTable(records);
  for (const { run, positions, records: count } of slices) {
    for (let index = 0; index < count; index++) runAt.set(positionIn(rows.buffer, positions, index), run);
  }
  for (const run of runs) run.starts = new Int32Array(run.expected);
  sortRows(rows, runs, runAt);
  return runs;
}

function sortRows(rows: CopiedRows, runs: readonly Growing[], runAt: PositionTable): void {
  let last = 0;
  let ascending = true;
  for (let start = rows.at; rows.next(); start = rows.at) {
    const position = numberAt(rows.buffer, start + POSITION);
    const run = runs[runAt.get(position)!]!;
    rows.skip(ROW_FIELDS);
    run.starts[run.count++] = start;
    run.bytes += rows.at - start;
    ascending &&= position > last;
    last = position;
  }
  if (ascending) return;
  const positionAt = (start: number): number => numberAt(rows.buffer, start + POSITION);
  for (const { starts, count } of runs) starts.subarray(0, count).sort((a, b) => positionAt(a) - positionAt(b));
}

/** Bytes before a row's position: the number of fields, no slice, and a length. */
export const POSITION = 2 + 4 + 4;

interface Slice {
  readonly wanted: number;
  readonly records: number;
  readonly placeholders: number;
  readonly topic: string;
}

function describe(described: string): Slice {
  const [index, records, placeholders, topic] = described.split(',') as [string, string, string, string];
  return { wanted: Number(index) - 1, records: Number(records), placeholders: Number(placeholders), topic };
}

function emptyRun({ wanted, topic }: Slice, partition: number, buffer: Buffer): Growing {
  const nothing = { expected: 0, count: 0, hasPlaceholders: false, starts: new Int32Array(0), bytes: 0 };
  return { wanted, topic, partition, buffer, ...nothing };
}

/** What array_send writes before its elements, and each of those with its length. */
const ARRAY_HEAD = 20;
const LENGTH = 4;
const ELEMENT = LENGTH + 8;

function positionIn(buffer: Buffer, array: number, index: number): number {
  return numberAt(buffer, array + ARRAY_HEAD + index * ELEMENT + LENGTH);
}

/** An int8 as a number. */
export function numberAt(buffer: Buffer, at: number): number {
  const value = buffer.readInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4);
  assert(value <= Number.MAX_SAFE_INTEGER, 'positions are below 2^53');
  return value;
}
