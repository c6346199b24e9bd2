import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BatchHead, batchHeads } from './batch-heads.ts';
import { withoutPartition } from './offset-checkpoint.ts';

/**
 * How much of the partition's log survives, from its start: whole batches with at most so many records, or so many bytes,
 * which may end within a batch: the broker then finds it torn and drops it.
 */
export type Kept = { readonly keepRecords: number } | { readonly keepBytes: number };

export interface Remains {
  /** The offset after the last record that survives. */
  readonly logEnd: bigint;
  readonly recordsLost: number;
}

interface Batch extends BatchHead {
  readonly segment: string;
  /** Bytes of the log before it. */
  readonly before: number;
}

const CHECKPOINTS = [
  'recovery-point-offset-checkpoint',
  'replication-offset-checkpoint',
  'log-start-offset-checkpoint',
];

/**
 * Cuts the end off a partition's log in the folder of a broker that is down, and takes away what the broker wrote down
 * about the lost part: indexes, snapshots of the producers, how far it had flushed and replicated. It then starts as after
 * a loss of power. Throws when the partition is not there.
 */
export async function loseTail(dataDir: string, topic: string, partition: number, kept: Kept): Promise<Remains> {
  const folder = join(dataDir, `${topic}-${partition}`);
  const segments = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
  const batches = await batchesOf(folder, segments);
  const cut = cutPosition(batches, kept);
  const lost = batches.filter((batch) => batch.before + batch.bytes > cut);
  const first = lost[0];
  const last = batches.at(-1);
  if (first === undefined) return { logEnd: last === undefined ? 0n : last.lastOffset + 1n, recordsLost: 0 };

  for (const segment of segments) {
    const position = cut - first.before + first.position;
    if (segment === first.segment) await truncate(join(folder, segment), position);
    if (segment > first.segment) await rm(join(folder, segment));
  }
  await forget(folder, first);
  for (const name of CHECKPOINTS) await rewriteCheckpoint(join(dataDir, name), topic, partition);
  // Its presence says that nothing needs to be recovered.
  await rm(join(dataDir, '.kafka_cleanshutdown'), { force: true });
  return { logEnd: first.baseOffset, recordsLost: lost.reduce((sum, batch) => sum + batch.records, 0) };
}

async function batchesOf(folder: string, segments: readonly string[]): Promise<Batch[]> {
  const batches: Batch[] = [];
  let before = 0;
  for (const segment of segments) {
    for (const head of batchHeads(await readFile(join(folder, segment)))) {
      batches.push({ ...head, segment, before });
      before += head.bytes;
    }
  }
  return batches;
}

/** Bytes of the log that survive. */
function cutPosition(batches: readonly Batch[], kept: Kept): number {
  if ('keepBytes' in kept) return kept.keepBytes;
  let records = 0;
  for (const batch of batches) {
    records += batch.records;
    if (records > kept.keepRecords) return batch.before;
  }
  return Number.POSITIVE_INFINITY;
}

/** The broker makes the indexes anew; a snapshot from beyond the end would be one of producers that wrote nothing. */
async function forget(folder: string, first: Batch): Promise<void> {
  for (const name of await readdir(folder)) {
    const offset = /^(\d{20})\./.exec(name)?.[1];
    if (offset === undefined) continue;
    const isIndex = /\.(index|timeindex|txnindex)$/.test(name) && `${offset}.log` >= first.segment;
    const isSnapshot = name.endsWith('.snapshot') && BigInt(offset) > first.baseOffset;
    if (isIndex || isSnapshot) await rm(join(folder, name));
  }
}

async function rewriteCheckpoint(file: string, topic: string, partition: number): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    // Written for the first time some seconds after the start.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) await writeFile(file, withoutPartition(text, topic, partition));
}
