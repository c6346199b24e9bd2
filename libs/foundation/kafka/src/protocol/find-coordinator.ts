import type { BrokerAddress } from '../kafka-client.ts';
import type { ApiCall } from './api-call.ts';

interface Answer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly broker: BrokerAddress;
}

const GROUP = 0;

/** The broker that keeps a group's committed offsets. */
export const FIND_COORDINATOR: ApiCall<string, Answer> = {
  name: 'FindCoordinator',
  key: 10,
  min: 1,
  max: 2,
  flexibleFrom: 3,
  write: (writer, group) => void writer.appendString(group, false).appendInt8(GROUP),
  read(reader) {
    reader.readInt32(); // throttled for
    return {
      errorCode: reader.readInt16(),
      errorMessage: reader.readNullableString(false),
      broker: { id: reader.readInt32(), host: reader.readString(false), port: reader.readInt32() },
    };
  },
};
