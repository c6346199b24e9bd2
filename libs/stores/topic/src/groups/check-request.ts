import { TidemarkError } from '#libs/foundation/kernel';
import type { GroupStart } from './group.ts';
import type { CommitRequest, HeartbeatRequest, JoinRequest } from './ports.ts';
import { partitionKey } from './topic-partition.ts';

const NAME = /^[a-zA-Z0-9._-]{1,249}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Topics that one member may subscribe to. */
const TOPICS_MAX = 1_000;
const START_OFFSETS_MAX = 1_000;
const CLIENT_MAX_CHARACTERS = 4_096;
const METADATA_MAX_CHARACTERS = 4_096;
const TIMEOUT_MS = { min: 100, max: 3_600_000 };

function invalid(group: string, problem: string): TidemarkError {
  return new TidemarkError('GROUP_INVALID', `group ${group}: ${problem}`);
}

/** Throws GROUP_INVALID for a name that Kafka would not take either. */
export function checkGroupName(name: string): void {
  if (!NAME.test(name))
    throw invalid(
      JSON.stringify(name),
      'a name has 1 to 249 of the characters a-z, A-Z, 0-9, dot, underscore and hyphen',
    );
}

function isPartition(partition: number): boolean {
  return Number.isInteger(partition) && partition >= 0 && partition < 2 ** 31;
}

/** Throws GROUP_INVALID for a start that no topic could have. */
export function checkStart(group: string, start: GroupStart): void {
  if (start.from === 'time' && Number.isNaN(start.time.getTime())) throw invalid(group, 'the start time is not a time');
  if (start.from !== 'offset') return;
  if (start.offsets.length > START_OFFSETS_MAX)
    throw invalid(group, `start offsets must be at most ${START_OFFSETS_MAX}, not ${start.offsets.length}`);
  const wrong = start.offsets.find(
    (given) => !NAME.test(given.topic) || !isPartition(given.partition) || given.offset < 0n,
  );
  if (wrong !== undefined)
    throw invalid(group, `${wrong.offset} of ${JSON.stringify(partitionKey(wrong))} is not the offset of a partition`);
  if (new Set(start.offsets.map(partitionKey)).size !== start.offsets.length)
    throw invalid(group, 'start offsets must name each partition once');
}

/** Throws GROUP_INVALID. None is valid: a member whose patterns match nothing yet waits for topics. */
export function checkTopics(group: string, topics: readonly string[]): void {
  if (topics.length > TOPICS_MAX)
    throw invalid(group, `topics must be at most ${TOPICS_MAX} names, not ${topics.length}`);
  const wrong = topics.find((topic) => !NAME.test(topic));
  if (wrong !== undefined) throw invalid(group, `${JSON.stringify(wrong)} is not the name of a topic`);
  if (new Set(topics).size !== topics.length) throw invalid(group, 'topics must be given once each');
}

function checkInstanceId(group: string, instanceId: string): void {
  if (!NAME.test(instanceId)) {
    const allowed = '1 to 249 of the characters a-z, A-Z, 0-9, dot, underscore and hyphen';
    throw invalid(group, `instanceId must have ${allowed}, not ${JSON.stringify(instanceId)}`);
  }
}

function checkTimeout(group: string, name: string, ms: number): void {
  if (!Number.isInteger(ms) || ms < TIMEOUT_MS.min || ms > TIMEOUT_MS.max) {
    throw invalid(group, `${name} must be a whole number from ${TIMEOUT_MS.min} to ${TIMEOUT_MS.max}, not ${ms}`);
  }
}

export function checkJoin(request: JoinRequest): void {
  checkGroupName(request.group);
  if (!UUID.test(request.memberId))
    throw invalid(request.group, `memberId must be a UUID in lower case, not ${JSON.stringify(request.memberId)}`);
  if (request.instanceId !== undefined) checkInstanceId(request.group, request.instanceId);
  checkTopics(request.group, request.topics);
  checkTimeout(request.group, 'sessionTimeoutMs', request.sessionTimeoutMs);
  checkTimeout(request.group, 'handoverTimeoutMs', request.handoverTimeoutMs);
  checkStart(request.group, request.start);
  if (JSON.stringify(request.client).length > CLIENT_MAX_CHARACTERS)
    throw invalid(request.group, `client must not exceed ${CLIENT_MAX_CHARACTERS} characters`);
}

export function checkHeartbeat(request: HeartbeatRequest): void {
  checkGroupName(request.group);
  checkTopics(request.group, request.topics);
}

export function checkCommit(request: CommitRequest): void {
  checkGroupName(request.group);
  for (const offset of request.offsets) {
    if ((offset.metadata?.length ?? 0) > METADATA_MAX_CHARACTERS) {
      throw invalid(
        request.group,
        `metadata of ${offset.topic}/${offset.partition} exceeds ${METADATA_MAX_CHARACTERS} characters`,
      );
    }
  }
}
