import type { KafkaClassicGroupClient } from '../kafka-classic-group-client.ts';
import { GROUP_HEARTBEAT } from '../protocol/group-heartbeat.ts';
import { JOIN_GROUP } from '../protocol/join-group.ts';
import { LEAVE_GROUP } from '../protocol/leave-group.ts';
import { SYNC_GROUP } from '../protocol/sync-group.ts';
import type { Coordinators } from './coordinators.ts';

const errorOf = (answer: { readonly errorCode: number }): number => answer.errorCode;

/** The calls of a member of a group of the classic protocol. */
export function classicCalls(coordinators: Coordinators): KafkaClassicGroupClient {
  return {
    joinGroup: (request) =>
      coordinators.call(request.group, 'JoinGroup', (broker) => broker.call(JOIN_GROUP, request), errorOf, 'join'),
    syncGroup: (request) =>
      coordinators.call(request.group, 'SyncGroup', (broker) => broker.call(SYNC_GROUP, request), errorOf, 'join'),
    groupHeartbeat: (member) =>
      coordinators.call(member.group, 'Heartbeat', (broker) => broker.call(GROUP_HEARTBEAT, member), errorOf),
    leaveGroup: (member) =>
      coordinators.call(member.group, 'LeaveGroup', (broker) => broker.call(LEAVE_GROUP, member), errorOf),
  };
}
