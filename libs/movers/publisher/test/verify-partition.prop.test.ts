import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FetchedRecord, KafkaRecord } from '#libs/foundation/kafka';
import type { Segment } from '#libs/stores/log';
import { MESSAGE_ID_HEADER, messageIdOf, type TopicRecord } from '#libs/stores/topic';
import { verifyPartition, type VerifySources } from '../src/verify/verify-partition.ts';
import { VerifyReport } from '../src/verify/verify-report.ts';

/** A cluster made by publishing a log with foreign records in between. */
interface World {
  readonly log: TopicRecord[];
  readonly cluster: FetchedRecord[];
  readonly segments: Segment[];
}

const idOf = (record: KafkaRecord): string | null => messageIdOf(record);
const idAt = (offset: number): string => `00000000-0000-7000-8000-${String(offset).padStart(12, '0')}`;

function logRecord(offset: number): TopicRecord {
  return {
    topic: 't',
    partition: 0,
    offset: BigInt(offset),
    position: BigInt(offset + 1),
    messageId: idAt(offset),
    key: null,
    value: Buffer.from(`value ${offset}`),
    headers: [],
    schemaId: null,
    time: new Date(0),
  };
}

function recordFor(record: TopicRecord): KafkaRecord {
  return {
    key: null,
    value: record.value,
    headers: [[MESSAGE_ID_HEADER, Buffer.from(record.messageId)]],
    timestampMs: 0,
  };
}

/** `foreignBefore[i]` foreign records stand before the log's record i. */
function publish(foreignBefore: readonly number[]): World {
  const cluster: FetchedRecord[] = [];
  const segments: Segment[] = [];
  const append = (record: KafkaRecord): void => {
    cluster.push({ ...record, offset: BigInt(cluster.length), producerId: -1n, sequence: -1 });
  };
  const log = foreignBefore.map((_, offset) => logRecord(offset));
  for (const [offset, foreign] of foreignBefore.entries()) {
    for (let n = 0; n < foreign; n += 1)
      append({ key: null, value: Buffer.from('theirs'), headers: [], timestampMs: 0 });
    const delta = BigInt(cluster.length - offset);
    if (segments.at(-1)?.delta !== delta)
      segments.push({ fromOffset: BigInt(offset), delta, sequenceDelta: 0n, reason: 'start' });
    append(recordFor(log[offset]!));
  }
  return { log, cluster, segments };
}

function sources({ log, cluster }: World, pageSize: number, logStartOffset = 0n): VerifySources {
  const end = (cluster.at(-1)?.offset ?? -1n) + 1n;
  return {
    bounds: () => Promise.resolve({ startOffset: logStartOffset, endOffset: end }),
    fetch: (partition, offset) => {
      const records = cluster.filter((record) => record.offset >= offset).slice(0, pageSize);
      const nextOffset = records.length === 0 ? end : records.at(-1)!.offset + 1n;
      return Promise.resolve({
        topic: 't',
        partition,
        errorCode: 0,
        highWatermark: end,
        logStartOffset,
        records,
        nextOffset,
      });
    },
    readLog: (_partition, offset, limit) =>
      Promise.resolve(log.filter((record) => record.offset >= offset).slice(0, Math.min(limit, 3))),
    recordFor,
    known: (ids) => Promise.resolve(new Set(ids.filter((id) => log.some(({ messageId }) => messageId === id)))),
  };
}

async function verify(world: World, acked = BigInt(world.log.length), logStartOffset = 0n): Promise<VerifyReport> {
  const report = new VerifyReport();
  const of = {
    partition: 0,
    segments: world.segments,
    ackedOffset: acked,
    startOffset: world.log[0]!.offset,
    endOffset: world.log.at(-1)!.offset + 1n,
    compacted: false,
  };
  const progress: bigint[] = [];
  for await (const { done } of verifyPartition(of, sources(world, 4, logStartOffset), report)) progress.push(done);
  expect(progress).toEqual(progress.toSorted((a, b) => Number(a - b)));
  return report;
}

const worlds = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 30 }).map(publish);

describe('verify', () => {
  test('finds nothing but foreign records where the cluster holds the log', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const report = await verify(world);
        expect(report.identical).toBe(true);
        expect(report.matching).toBe(BigInt(world.log.length));
        expect(report.counts.foreign).toBe(BigInt(world.cluster.length - world.log.length));
      }),
      { numRuns: 200 },
    );
  });

  test('finds each record with other bytes', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), async (world, choice) => {
        const ours = world.cluster.filter((record) => idOf(record) !== null);
        const at = world.cluster.indexOf(ours[choice % ours.length]!);
        world.cluster[at] = { ...world.cluster[at]!, value: Buffer.from('tampered') };
        const report = await verify(world);
        expect(report.counts.differing).toBe(1n);
        expect(report.findings.find(({ kind }) => kind === 'differing')!.clusterOffset).toBe(BigInt(at));
        expect(report.identical).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('finds each record that is gone from the middle or lost from the end', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), async (world, choice) => {
        const ours = world.cluster.filter((record) => idOf(record) !== null);
        const gone = ours[choice % ours.length]!;
        world.cluster.splice(world.cluster.indexOf(gone), 1);
        const report = await verify(world);
        expect(report.counts.missing).toBe(1n);
        expect(report.findings.find(({ kind }) => kind === 'missing')!.clusterOffset).toBe(gone.offset);
        expect(report.matching).toBe(BigInt(world.log.length - 1));
      }),
      { numRuns: 200 },
    );
  });

  test('tells a second copy from a foreign record', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), async (world, choice) => {
        const ours = world.cluster.filter((record) => idOf(record) !== null);
        const copied = ours[choice % ours.length]!;
        world.cluster.push({ ...copied, offset: BigInt(world.cluster.length) });
        const report = await verify(world);
        expect(report.counts.doubled).toBe(1n);
        expect(report.matching).toBe(BigInt(world.log.length));
      }),
      { numRuns: 200 },
    );
  });

  test('counts what is not published yet and what the cluster has dropped as neither missing nor wrong', async () => {
    const world = publish([0, 0, 0, 0, 0, 0]);
    world.cluster.splice(4, 2);
    const report = await verify(world, 4n, 2n);
    expect(report.identical).toBe(true);
    expect([report.matching, report.expired, report.pending]).toEqual([2n, 2n, 2n]);
  });

  test('leaves aside what the log itself has dropped', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), async (world, choice) => {
        const { length } = world.log;
        const dropped = choice % length;
        world.log.splice(0, dropped);
        const report = await verify(world, BigInt(length));
        const places = world.cluster.flatMap((record) => (idOf(record) === null ? [] : [record.offset]));
        const behind = world.cluster.filter(({ offset }) => offset >= places[dropped]!);
        expect([report.pruned, report.matching]).toEqual([BigInt(dropped), BigInt(length - dropped)]);
        // Foreign records among those that nothing is known of are not looked at.
        expect(report.counts.foreign).toBe(
          dropped === 0 ? BigInt(world.cluster.length - length) : BigInt(behind.length - length + dropped),
        );
        expect(report.identical).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('counts what the cluster drops meanwhile as dropped, not as missing', async () => {
    const world = publish([0, 0, 0, 0, 0, 0, 0, 0]);
    const whole = sources(world, 4);
    const shrinking: VerifySources = {
      ...whole,
      fetch: async (partition, offset) => {
        const page = await whole.fetch(partition, offset);
        return offset === 4n ? { ...page, records: [], nextOffset: offset, logStartOffset: 6n } : page;
      },
    };
    const report = new VerifyReport();
    const of = {
      partition: 0,
      segments: world.segments,
      ackedOffset: 8n,
      startOffset: 0n,
      endOffset: 8n,
      compacted: false,
    };
    for await (const { done } of verifyPartition(of, shrinking, report)) expect(done).toBeLessThanOrEqual(8n);
    expect([report.matching, report.expired, report.counts.missing]).toEqual([6n, 2n, 0n]);
  });

  test('counts every record lost at the end, and lists no more than it may', async () => {
    const world = publish(Array.from({ length: 9 }, () => 0));
    world.cluster.splice(2);
    const report = new VerifyReport({ left: 3 });
    const of = {
      partition: 0,
      segments: world.segments,
      ackedOffset: 9n,
      startOffset: 0n,
      endOffset: 9n,
      compacted: false,
    };
    for await (const { total } of verifyPartition(of, sources(world, 4), report)) expect(total).toBe(2n);
    expect([report.counts.missing, report.missingAtEnd, report.compared]).toEqual([7n, 7n, 9n]);
    expect(report.findings.map(({ logOffset }) => logOffset)).toEqual([2n, 3n, 4n]);
  });
});
