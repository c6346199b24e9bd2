import type { Reader } from '@platformatic/kafka';
import type { Partition } from '../kafka-client.ts';
import type { FetchRequest, Isolation } from '../kafka-client.ts';
import type { AbortedTransaction } from '../record-batch/aborted-transactions.ts';
import type { ApiCall } from './api-call.ts';
import { readByTopic, writeByTopic } from './by-topic.ts';
import { isolationLevel } from './isolation-level.ts';

export interface FetchCall {
  readonly of: readonly FetchRequest[];
  readonly maxWaitMs: number;
  readonly isolation: Isolation;
}

export interface FetchedBytes extends Partition {
  readonly errorCode: number;
  readonly highWatermark: bigint;
  readonly logStartOffset: bigint;
  /** Of those whose records are among the bytes; none unless `read_committed` was asked for. */
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches, the last one perhaps cut. */
  readonly bytes: Buffer;
}

export interface FetchAnswer {
  readonly errorCode: number;
  readonly partitions: readonly FetchedBytes[];
}

const CLIENT = -1;
const UNKNOWN = -1;
const MAX_BYTES = 2 ** 31 - 1;

/** Version 11: topics by name, and without a fetch session, so that every answer stands for itself. */
export const FETCH: ApiCall<FetchCall, FetchAnswer> = {
  name: 'Fetch',
  key: 1,
  min: 11,
  max: 11,
  flexibleFrom: 12,
  write(writer, { of, maxWaitMs, isolation }) {
    writer.appendInt32(CLIENT).appendInt32(maxWaitMs).appendInt32(1).appendInt32(totalBytes(of));
    writer.appendInt8(isolationLevel(isolation)).appendInt32(0).appendInt32(-1);
    writeByTopic(writer, of, (w, { partition, offset, maxBytes, leaderEpoch }) => {
      w.appendInt32(partition).appendInt32(leaderEpoch ?? UNKNOWN);
      w.appendInt64(offset).appendInt64(-1n).appendInt32(maxBytes);
    });
    writer.appendArray([], () => undefined, false, false).appendString('', false);
  },
  read(reader) {
    reader.readInt32(); // throttled for
    const errorCode = reader.readInt16();
    reader.readInt32(); // session
    return { errorCode, partitions: readByTopic(reader, (r, topic) => readFetched(r, topic, false)) };
  },
};

/** What one answer may hold in all. */
export function totalBytes(of: readonly FetchRequest[]): number {
  return Math.min(
    of.reduce((sum, each) => sum + each.maxBytes, 0),
    MAX_BYTES,
  );
}

/** What both versions answer of a partition; `flexible`: lengths are compact, and tagged fields follow (KIP-482). */
export function readFetched(reader: Reader, topic: string, flexible: boolean): FetchedBytes {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const highWatermark = reader.readInt64();
  reader.readInt64(); // last stable offset
  const logStartOffset = reader.readInt64();
  const aborted = reader.readArray(readAborted, flexible, flexible);
  reader.readInt32(); // preferred replica
  const bytes = reader.readBytes(flexible);
  return { topic, partition, errorCode, highWatermark, logStartOffset, aborted, bytes };
}

const readAborted = (reader: Reader): AbortedTransaction => ({
  producerId: reader.readInt64(),
  firstOffset: reader.readInt64(),
});
