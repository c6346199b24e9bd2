import { type FetchedRecord, KAFKA_ERROR } from '#libs/foundation/kafka';
import { messageIdOf } from '#libs/stores/topic';
import type { Location, TailFindings } from '../lane/evidence.ts';
import type { Lane } from '../lane/lane.ts';
import { CannotTell } from './cannot-tell.ts';
import { type TailRecord, TailWalk } from '../lane/tail-walk.ts';
import type { SessionContext } from './session-context.ts';

const PAGE_BYTES = 1024 * 1024;
const FETCH_WAIT_MS = 500;
const IDS_AT_ONCE = 10_000;

/**
 * Reads a stretch of the cluster's log and compares it with the log in Postgres. Consumers see replicated records only, so
 * it waits until the high watermark has passed the stretch, at most one request timeout. Throws CannotTell when it does not.
 */
export async function readTail(
  lane: Lane,
  walk: Extract<Location, { kind: 'walk' }>,
  context: SessionContext,
): Promise<TailFindings> {
  const { parts, producer, time, options } = context;
  const { clusterTopic: topic, partition } = lane.start;
  const reader = new TailWalk({ ...walk.anchor, from: walk.from, producerId: producer?.id ?? -1n });
  const deadline = time.now() + options.requestTimeoutMs;
  let offset = walk.from;
  let clusterStart = 0n;
  while (offset < walk.to) {
    const wanted = [{ topic, partition, offset, maxBytes: PAGE_BYTES }];
    const [page] = await parts.client.fetch(lane.leader, wanted, FETCH_WAIT_MS);
    if (page === undefined) throw cannotTell(lane, 'left the partition out of its answer');
    clusterStart = page.logStartOffset > 0n ? page.logStartOffset : 0n;
    if (page.errorCode === KAFKA_ERROR.OFFSET_OUT_OF_RANGE && offset < clusterStart) {
      offset = clusterStart;
      continue;
    }
    if (page.errorCode !== 0 && page.errorCode !== KAFKA_ERROR.OFFSET_OUT_OF_RANGE)
      throw cannotTell(lane, `answered a fetch with error ${page.errorCode}`);
    if (page.nextOffset > offset) {
      await readPage(reader, page.records.filter((record) => record.offset < walk.to).map(tailRecord), lane, context);
      offset = page.nextOffset;
    } else if (time.now() > deadline) throw cannotTell(lane, `has not replicated offset ${offset} yet`);
    else if (page.errorCode !== 0) await time.sleep(FETCH_WAIT_MS);
  }
  return reader.findings(clusterStart);
}

async function readPage(
  walk: TailWalk,
  page: readonly TailRecord[],
  lane: Lane,
  context: SessionContext,
): Promise<void> {
  let ids = new Map<bigint, string>();
  let known = { from: 0n, to: 0n };
  for (const record of page) {
    const claim = walk.claimOf(record);
    if (claim !== undefined && (claim < known.from || claim >= known.to)) {
      ids = await messageIds(lane, claim, context);
      known = { from: claim, to: claim + BigInt(IDS_AT_ONCE) };
    }
    walk.read(record, (offset) => ids.get(offset));
  }
}

/** Ids of the messages from a log offset on; none for those that the log does not have. */
async function messageIds(lane: Lane, from: bigint, context: SessionContext): Promise<Map<bigint, string>> {
  const ids = new Map<bigint, string>();
  const { topicId, partition } = lane.start;
  const to = from + BigInt(IDS_AT_ONCE);
  let offset = from < lane.logStart ? lane.logStart : from;
  while (offset < to) {
    const limits = { maxRecords: Number(to - offset), maxBytes: context.options.readBytes };
    const [run] = await context.parts.source.read([{ topicId, partition, offset }], limits);
    if (run === undefined || run.records.length === 0) break;
    for (const record of run.records) ids.set(record.offset, record.messageId);
    offset = run.records.at(-1)!.offset + 1n;
  }
  return ids;
}

function tailRecord(record: FetchedRecord): TailRecord {
  const { offset, producerId, sequence } = record;
  return { offset, producerId, sequence, messageId: messageIdOf(record) };
}

function cannotTell({ start, leader }: Lane, what: string): CannotTell {
  return new CannotTell(`broker ${leader} ${what} (${start.clusterTopic}/${start.partition})`);
}
