import type { ApiCall } from './api-call.ts';

interface Answer {
  readonly errorCode: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** Without a transactional id: every call answers a new producer id. */
export const INIT_PRODUCER_ID: ApiCall<null, Answer> = {
  name: 'InitProducerId',
  key: 22,
  min: 0,
  max: 1,
  flexibleFrom: 2,
  write: (writer) => void writer.appendString(null, false).appendInt32(60_000),
  read(reader) {
    reader.readInt32(); // throttled for
    return { errorCode: reader.readInt16(), producerId: reader.readInt64(), producerEpoch: reader.readInt16() };
  },
};
