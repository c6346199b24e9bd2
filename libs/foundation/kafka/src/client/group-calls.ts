import type { GroupOffset, KafkaClient } from '../kafka-client.ts';
import { KAFKA_ERROR } from '../kafka-errors.ts';
import { DESCRIBE_CONSUMER_GROUP } from '../protocol/describe-consumer-group.ts';
import { DESCRIBE_GROUP } from '../protocol/describe-group.ts';
import { OFFSET_COMMIT } from '../protocol/offset-commit.ts';
import { OFFSET_FETCH } from '../protocol/offset-fetch.ts';
import { expectAnswer } from './answer-error.ts';
import type { Coordinators } from './coordinators.ts';

/** Calls about consumer groups by those who are not their members. */
export function groupCalls(
  coordinators: Coordinators,
): Pick<KafkaClient, 'groupOffsets' | 'groupMembers' | 'commitGroupOffsets'> {
  return {
    groupOffsets: (group) => offsetsOf(coordinators, group),
    groupMembers: (group) => membersOf(coordinators, group),
    commitGroupOffsets: (group, offsets) =>
      coordinators.call(
        group,
        'OffsetCommit',
        (coordinator) => coordinator.call(OFFSET_COMMIT, { group, offsets }),
        (answer) => answer[0]?.errorCode ?? KAFKA_ERROR.NONE,
      ),
  };
}

async function offsetsOf(coordinators: Coordinators, group: string): Promise<GroupOffset[]> {
  const { errorCode, offsets } = await coordinators.call(
    group,
    'OffsetFetch',
    (coordinator) => coordinator.call(OFFSET_FETCH, group),
    (answer) => answer.errorCode,
  );
  expectAnswer('OffsetFetch', errorCode);
  for (const each of offsets) expectAnswer('OffsetFetch', each.errorCode, `${each.topic}-${each.partition}`);
  return offsets
    .filter((each) => each.offset >= 0n)
    .map(({ topic, partition, offset, metadata }) => ({ topic, partition, offset, metadata }));
}

/** Members of both protocols: a group is of one, and unknown, or empty, to the other call. */
async function membersOf(coordinators: Coordinators, group: string): Promise<number> {
  const classic = await coordinators.call(
    group,
    'DescribeGroups',
    (coordinator) => coordinator.call(DESCRIBE_GROUP, group),
    (answer) => answer.errorCode,
  );
  if (classic.errorCode !== KAFKA_ERROR.GROUP_ID_NOT_FOUND) expectAnswer('DescribeGroups', classic.errorCode);
  const consumer = await coordinators.call(
    group,
    'ConsumerGroupDescribe',
    async (coordinator) => {
      const isKnown = (await coordinator.versions()).has(DESCRIBE_CONSUMER_GROUP.key);
      return isKnown
        ? await coordinator.call(DESCRIBE_CONSUMER_GROUP, group)
        : { errorCode: KAFKA_ERROR.UNSUPPORTED_VERSION, members: [] };
    },
    (answer) => answer.errorCode,
  );
  if (consumer.errorCode === KAFKA_ERROR.GROUP_ID_NOT_FOUND || consumer.errorCode === KAFKA_ERROR.UNSUPPORTED_VERSION) {
    return classic.members;
  }
  expectAnswer('ConsumerGroupDescribe', consumer.errorCode);
  return classic.members + consumer.members.length;
}
