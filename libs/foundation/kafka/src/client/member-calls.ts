import { KAFKA_ERROR } from '../kafka-errors.ts';
import type { KafkaGroupClient } from '../kafka-group-client.ts';
import { withTopicNames } from '../protocol/by-topic-id.ts';
import { CONSUMER_GROUP_HEARTBEAT } from '../protocol/consumer-group-heartbeat.ts';
import { DESCRIBE_CONSUMER_GROUP } from '../protocol/describe-consumer-group.ts';
import { DESCRIBE_CONFIGS } from '../protocol/describe-configs.ts';
import { MEMBER_OFFSET_COMMIT } from '../protocol/member-offset-commit.ts';
import { MEMBER_OFFSET_FETCH } from '../protocol/member-offset-fetch.ts';
import { expectAnswer } from './answer-error.ts';
import type { Brokers } from './brokers.ts';
import type { Coordinators } from './coordinators.ts';

/** Why a group has no settings for us: not ours to see, or the cluster knows none of groups. */
const HIDDEN: readonly number[] = [
  KAFKA_ERROR.GROUP_AUTHORIZATION_FAILED,
  KAFKA_ERROR.INVALID_REQUEST,
  KAFKA_ERROR.UNSUPPORTED_VERSION,
];

/** The calls of a member of a group. */
export function memberCalls(brokers: Brokers, coordinators: Coordinators): KafkaGroupClient {
  return {
    heartbeat: (request) =>
      coordinators.call(
        request.group,
        'ConsumerGroupHeartbeat',
        (coordinator) => coordinator.call(CONSUMER_GROUP_HEARTBEAT, request),
        (answer) => answer.errorCode,
      ),
    async memberOffsets(member, of) {
      const { errorCode, offsets } = await coordinators.call(
        member.group,
        'OffsetFetch',
        (coordinator) => coordinator.call(MEMBER_OFFSET_FETCH, { ...member, of }),
        (answer) => answer.errorCode,
      );
      return { errorCode, offsets: withTopicNames(offsets, of) };
    },
    async commitMemberOffsets(member, offsets) {
      const outcomes = await coordinators.call(
        member.group,
        'OffsetCommit',
        (coordinator) => coordinator.call(MEMBER_OFFSET_COMMIT, { ...member, offsets }),
        (answer) => answer[0]?.errorCode ?? KAFKA_ERROR.NONE,
      );
      return withTopicNames(outcomes, offsets);
    },
    async staticMember(group, instanceId) {
      const { errorCode, members } = await coordinators.call(
        group,
        'ConsumerGroupDescribe',
        (coordinator) => coordinator.call(DESCRIBE_CONSUMER_GROUP, group),
        (answer) => answer.errorCode,
      );
      if (errorCode === KAFKA_ERROR.GROUP_ID_NOT_FOUND) return null;
      expectAnswer('ConsumerGroupDescribe', errorCode);
      return members.find((member) => member.instanceId === instanceId)?.memberId ?? null;
    },
    async groupConfigs(group) {
      const [described] = await brokers.any((broker) =>
        broker.call(DESCRIBE_CONFIGS, { kind: 'group', names: [group] }),
      );
      if (described === undefined || HIDDEN.includes(described.errorCode)) return undefined;
      expectAnswer('DescribeConfigs', described.errorCode, described.errorMessage ?? group);
      return described.configs;
    },
  };
}
