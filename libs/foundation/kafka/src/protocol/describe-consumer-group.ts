import type { Reader } from '@platformatic/kafka';
import type { ApiCall } from './api-call.ts';

export interface DescribedMember {
  readonly memberId: string;
  /** Of a static member; null for others. */
  readonly instanceId: string | null;
}

interface Answer {
  readonly errorCode: number;
  readonly members: readonly DescribedMember[];
}

/** A group of the consumer protocol of Kafka 4 (KIP-848): the classic call knows nothing of its members. */
export const DESCRIBE_CONSUMER_GROUP: ApiCall<string, Answer> = {
  name: 'ConsumerGroupDescribe',
  key: 69,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  write: (writer, group) =>
    void writer
      .appendArray([group], (w, id) => void w.appendString(id), true, false)
      .appendBoolean(false)
      .appendTaggedFields(),
  read(reader) {
    reader.readInt32(); // throttled for
    const [group] = reader.readArray(readGroup);
    if (group === undefined) throw new RangeError('the answer names no group');
    return group;
  },
};

function readGroup(reader: Reader): Answer {
  const errorCode = reader.readInt16();
  for (let field = 0; field < 3; field++) reader.readNullableString(); // message, id, state
  for (let field = 0; field < 2; field++) reader.readInt32(); // epochs
  reader.readString(); // assignor
  const members = reader.readArray(readMember);
  reader.readInt32(); // authorized operations
  return { errorCode, members };
}

function readMember(reader: Reader): DescribedMember {
  const [memberId, instanceId] = [reader.readString(), reader.readNullableString()];
  reader.readNullableString(); // rack
  reader.readInt32(); // epoch
  for (let field = 0; field < 2; field++) reader.readString(); // client, host
  reader.readArray((r) => r.readString(), true, false); // topics
  reader.readNullableString(); // pattern of topics
  for (let assignment = 0; assignment < 2; assignment++) {
    reader.readArray((r) => [r.readUUID(), r.readString(), r.readArray((p) => p.readInt32(), true, false)]);
    reader.readTaggedFields();
  }
  return { memberId, instanceId };
}
