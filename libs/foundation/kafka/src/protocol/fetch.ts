import type { Reader } from '@platformatic/kafka';
import type { Partition } from '../kafka-client.ts';
import type { FetchRequest } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';
import { readByTopic, writeByTopic } from './by-topic.ts';

interface Request {
  readonly of: readonly FetchRequest[];
  readonly maxWaitMs: number;
}

export interface FetchedBytes extends Partition {
  readonly errorCode: number;
  readonly highWatermark: bigint;
  readonly logStartOffset: bigint;
  /** Record batches, the last one perhaps cut. */
  readonly bytes: Buffer;
}

interface Answer {
  readonly errorCode: number;
  readonly partitions: readonly FetchedBytes[];
}

const CLIENT = -1;
const READ_UNCOMMITTED = 0;
const UNKNOWN = -1;
const MAX_BYTES = 2 ** 31 - 1;

/** Version 11: topics by name, and without a fetch session, so that every answer stands for itself. */
export const FETCH: ApiCall<Request, Answer> = {
  name: 'Fetch',
  key: 1,
  min: 11,
  max: 11,
  flexibleFrom: 12,
  write(writer, { of, maxWaitMs }) {
    const maxBytes = Math.min(
      of.reduce((sum, each) => sum + each.maxBytes, 0),
      MAX_BYTES,
    );
    writer.appendInt32(CLIENT).appendInt32(maxWaitMs).appendInt32(1).appendInt32(maxBytes);
    writer.appendInt8(READ_UNCOMMITTED).appendInt32(0).appendInt32(-1);
    writeByTopic(writer, of, (w, { partition, offset, maxBytes: its }) => {
      w.appendInt32(partition).appendInt32(UNKNOWN).appendInt64(offset).appendInt64(-1n).appendInt32(its);
    });
    writer.appendArray([], () => undefined, false, false).appendString('', false);
  },
  read(reader) {
    reader.readInt32(); // throttled for
    const errorCode = reader.readInt16();
    reader.readInt32(); // session
    return { errorCode, partitions: readByTopic(reader, readPartition) };
  },
};

function readPartition(reader: Reader, topic: string): FetchedBytes {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const highWatermark = reader.readInt64();
  reader.readInt64(); // last stable offset
  const logStartOffset = reader.readInt64();
  reader.readArray((r) => [r.readInt64(), r.readInt64()], false, false); // aborted transactions
  reader.readInt32(); // preferred replica
  return { topic, partition, errorCode, highWatermark, logStartOffset, bytes: reader.readBytes(false) };
}
