import { KAFKA_ERROR } from '../kafka-errors.ts';
import type { FetchedPartition } from '../kafka-client.ts';
import type { FetchedBytes } from '../protocol/fetch.ts';
import { decodeRecordBatches } from '../record-batch/decode-record-batches.ts';

/**
 * Records of a fetch from `offset` on: brokers answer whole batches, which may begin before it. A batch that cannot be
 * read counts as CORRUPT_MESSAGE once the records before it have been answered.
 */
export function fetchedPartition(answer: FetchedBytes, offset: bigint): FetchedPartition {
  const { bytes, errorCode, aborted, ...partition } = answer;
  const { records, nextOffset, damage } = decodeRecordBatches(bytes, aborted);
  const next = nextOffset !== null && nextOffset > offset ? nextOffset : offset;
  const damaged = damage !== null && next === offset;
  return {
    ...partition,
    errorCode: errorCode === KAFKA_ERROR.NONE && damaged ? KAFKA_ERROR.CORRUPT_MESSAGE : errorCode,
    records: records.filter((record) => record.offset >= offset),
    nextOffset: next,
  };
}
