import type { BrokerConnection } from '../connection/broker-connection.ts';
import type { GroupOffset, KafkaClient } from '../kafka-client.ts';
import { KAFKA_ERROR } from '../kafka-errors.ts';
import { DESCRIBE_CONSUMER_GROUP } from '../protocol/describe-consumer-group.ts';
import { DESCRIBE_GROUP } from '../protocol/describe-group.ts';
import { FIND_COORDINATOR } from '../protocol/find-coordinator.ts';
import { OFFSET_COMMIT } from '../protocol/offset-commit.ts';
import { OFFSET_FETCH } from '../protocol/offset-fetch.ts';
import { expectAnswer } from './answer-error.ts';
import type { Brokers } from './brokers.ts';

const COORDINATOR_AWAY: readonly number[] = [
  KAFKA_ERROR.COORDINATOR_LOAD_IN_PROGRESS,
  KAFKA_ERROR.COORDINATOR_NOT_AVAILABLE,
  KAFKA_ERROR.NOT_COORDINATOR,
];

type CoordinatorOf = (group: string) => Promise<BrokerConnection>;

/** Calls about consumer groups: each goes to the group's coordinator, once more when that has just moved. */
export function groupCalls(
  brokers: Brokers,
  refresh: () => Promise<unknown>,
): Pick<KafkaClient, 'groupOffsets' | 'groupMembers' | 'commitGroupOffsets'> {
  const coordinatorOf: CoordinatorOf = async (group) => {
    const { errorCode, errorMessage, broker } = await brokers.any((any) => any.call(FIND_COORDINATOR, group));
    expectAnswer('FindCoordinator', errorCode, errorMessage);
    if (!brokers.knows(broker.id)) await refresh();
    return brokers.at(broker.id, 'rest');
  };
  return {
    groupOffsets: (group) => offsetsOf(coordinatorOf, group),
    groupMembers: (group) => membersOf(coordinatorOf, group),
    async commitGroupOffsets(group, offsets) {
      const outcomes = await twice(
        async () => await (await coordinatorOf(group)).call(OFFSET_COMMIT, { group, offsets }),
        (answer) => answer[0]?.errorCode === KAFKA_ERROR.NOT_COORDINATOR,
      );
      // What only says that the coordinator is not there yet is no answer for any partition.
      const first = outcomes[0]?.errorCode ?? KAFKA_ERROR.NONE;
      if (COORDINATOR_AWAY.includes(first)) expectAnswer('OffsetCommit', first);
      return outcomes;
    },
  };
}

async function offsetsOf(coordinatorOf: CoordinatorOf, group: string): Promise<GroupOffset[]> {
  const { errorCode, offsets } = await twice(
    async () => await (await coordinatorOf(group)).call(OFFSET_FETCH, group),
    (answer) => answer.errorCode === KAFKA_ERROR.NOT_COORDINATOR,
  );
  expectAnswer('OffsetFetch', errorCode);
  for (const each of offsets) expectAnswer('OffsetFetch', each.errorCode, `${each.topic}-${each.partition}`);
  return offsets
    .filter((each) => each.offset >= 0n)
    .map(({ topic, partition, offset, metadata }) => ({ topic, partition, offset, metadata }));
}

/** Members of both protocols: a group is of one, and unknown, or empty, to the other call. */
async function membersOf(coordinatorOf: CoordinatorOf, group: string): Promise<number> {
  const classic = await twice(
    async () => await (await coordinatorOf(group)).call(DESCRIBE_GROUP, group),
    (answer) => answer.errorCode === KAFKA_ERROR.NOT_COORDINATOR,
  );
  if (classic.errorCode !== KAFKA_ERROR.GROUP_ID_NOT_FOUND) expectAnswer('DescribeGroups', classic.errorCode);
  const coordinator = await coordinatorOf(group);
  if (!(await coordinator.versions()).has(DESCRIBE_CONSUMER_GROUP.key)) return classic.members;
  const consumer = await coordinator.call(DESCRIBE_CONSUMER_GROUP, group);
  if (consumer.errorCode === KAFKA_ERROR.GROUP_ID_NOT_FOUND || consumer.errorCode === KAFKA_ERROR.UNSUPPORTED_VERSION) {
    return classic.members;
  }
  expectAnswer('ConsumerGroupDescribe', consumer.errorCode);
  return classic.members + consumer.members;
}

async function twice<T>(call: () => Promise<T>, again: (answer: T) => boolean): Promise<T> {
  const first = await call();
  return again(first) ? await call() : first;
}
