import type { Reader } from '@platformatic/kafka';
import type { ApiCall } from './api-call.ts';

interface Answer {
  readonly errorCode: number;
  readonly members: number;
}

/** A group of the classic protocol; a group that does not exist has no members and no error. */
export const DESCRIBE_GROUP: ApiCall<string, Answer> = {
  name: 'DescribeGroups',
  key: 15,
  min: 1,
  max: 1,
  flexibleFrom: 5,
  write: (writer, group) => void writer.appendInt32(1).appendString(group, false),
  read(reader) {
    reader.readInt32(); // throttled for
    return onlyGroup(
      reader.readArray(
        (r) => {
          const errorCode = r.readInt16();
          for (let field = 0; field < 4; field++) r.readString(false); // id, state, protocol type, protocol
          return { errorCode, members: r.readArray(skipMember, false, false).length };
        },
        false,
        false,
      ),
    );
  },
};

function skipMember(reader: Reader): null {
  for (let field = 0; field < 3; field++) reader.readString(false); // id, client, host
  for (let field = 0; field < 2; field++) reader.readBytes(false); // metadata, assignment
  return null;
}

function onlyGroup(groups: readonly Answer[]): Answer {
  const [group] = groups;
  if (group === undefined) throw new RangeError('the answer names no group');
  return group;
}
