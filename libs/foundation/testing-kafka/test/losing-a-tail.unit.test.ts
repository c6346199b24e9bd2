import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loseTail } from '../src/broker/lose-tail.ts';

const BATCH_BYTES = 100;
const CHECKPOINT = '0\n2\ntopic 0 6\ntopic 1 9\n';

describe('losing the end of a log', () => {
  let data: string;
  let partition: string;

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'tidemark-tail-'));
    partition = join(data, 'topic-0');
    await mkdir(partition);
    // Three batches of two records: two in the first segment.
    await writeFile(join(partition, segment(0)), Buffer.concat([batch(0n), batch(2n)]));
    await writeFile(join(partition, segment(4)), batch(4n));
    for (const name of ['0.index', '0.timeindex', '4.index', '4.timeindex', '2.snapshot', '4.snapshot', '6.snapshot'])
      await writeFile(join(partition, name.padStart(20 + name.length - 1, '0')), 'x');
    await writeFile(join(data, 'recovery-point-offset-checkpoint'), CHECKPOINT);
    await writeFile(join(data, 'replication-offset-checkpoint'), '');
    await writeFile(join(data, '.kafka_cleanshutdown'), '{}');
  });

  afterEach(() => rm(data, { recursive: true }));

  test('keeps whole batches, and nothing that was known about the rest', async () => {
    expect(await loseTail(data, 'topic', 0, { keepRecords: 3 })).toEqual({ logEnd: 2n, recordsLost: 4 });
    expect((await readdir(partition)).sort()).toEqual([segment(0), '00000000000000000002.snapshot']);
    expect(await readFile(join(partition, segment(0)))).toEqual(batch(0n));
    expect(await readFile(join(data, 'recovery-point-offset-checkpoint'), 'utf8')).toBe('0\n1\ntopic 1 9\n');
    expect(await readFile(join(data, 'replication-offset-checkpoint'), 'utf8')).toBe('');
    expect(await readdir(data)).not.toContain('.kafka_cleanshutdown');
  });

  test('tears a batch of a later segment', async () => {
    const keepBytes = 2 * BATCH_BYTES + 30;
    expect(await loseTail(data, 'topic', 0, { keepBytes })).toEqual({ logEnd: 4n, recordsLost: 2 });
    expect(await readFile(join(partition, segment(4)))).toEqual(batch(4n).subarray(0, 30));
    expect(await readFile(join(partition, segment(0)))).toHaveLength(2 * BATCH_BYTES);
    expect(await readdir(partition)).toContain('00000000000000000000.index');
    expect(await readdir(partition)).not.toContain('00000000000000000006.snapshot');
  });

  test('changes nothing when all of it is kept', async () => {
    const before = await readdir(partition);
    expect(await loseTail(data, 'topic', 0, { keepRecords: 6 })).toEqual({ logEnd: 6n, recordsLost: 0 });
    expect(await readdir(partition)).toEqual(before);
    expect(await readFile(join(data, 'recovery-point-offset-checkpoint'), 'utf8')).toBe(CHECKPOINT);
  });

  test('loses everything', async () => {
    expect(await loseTail(data, 'topic', 0, { keepRecords: 0 })).toEqual({ logEnd: 0n, recordsLost: 6 });
    expect((await readdir(partition)).sort()).toEqual([segment(0)]);
  });

  test('a partition that is not there is an error', async () => {
    await expect(loseTail(data, 'topic', 7, { keepRecords: 0 })).rejects.toThrow(/topic-7/);
  });
});

const segment = (base: number): string => `${String(base).padStart(20, '0')}.log`;

/** The head of a batch of two records, and something for the rest. */
function batch(baseOffset: bigint): Buffer {
  const bytes = Buffer.alloc(BATCH_BYTES, 7);
  bytes.writeBigInt64BE(baseOffset, 0);
  bytes.writeInt32BE(BATCH_BYTES - 12, 8);
  bytes.writeInt32BE(1, 23);
  bytes.writeInt32BE(2, 57);
  return bytes;
}
