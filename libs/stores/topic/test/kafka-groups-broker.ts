import {
  API_KEY,
  type ClusterMetadata,
  type FoundOffset,
  type GroupMembership,
  type HeartbeatAnswer,
  type KafkaClassicGroupClient,
  type KafkaClient,
  type KafkaGroupClient,
  type ListedOffset,
  type MemberHeartbeat,
  type MemberOffset,
  type PartitionOfId,
} from '#libs/foundation/kafka';
import { partitionKey } from '../src/groups/topic-partition.ts';

const NO_PARTITION = { errorCode: 0, leader: 1, leaderEpoch: 0, replicas: [1], inSyncReplicas: [1] };

/** A coordinator and a leader that answer what a test sets, and note what they are asked. Topic `t` has the id `id-t`. */
export class ScriptedBroker
  implements KafkaGroupClient, KafkaClassicGroupClient, Pick<KafkaClient, 'metadata' | 'listOffsets' | 'abilities'>
{
  answer: HeartbeatAnswer = {
    errorCode: 0,
    errorMessage: null,
    memberEpoch: 1,
    heartbeatIntervalMs: 5_000,
    assignment: [],
  };
  failure: Error | undefined;
  /** Error codes of the commits to come, then none. */
  commitCodes: number[] = [];
  topicIds: Record<string, string> = { t: 'id-t' };
  configs: ReadonlyMap<string, string> | undefined = new Map([['consumer.session.timeout.ms', '45000']]);
  predecessor: string | null = null;
  readonly committed = new Map<string, { offset: bigint; metadata: string | null }>();
  readonly unstable = new Set<string>();
  readonly heartbeats: MemberHeartbeat[] = [];
  readonly commits: { epoch: number; offsets: readonly MemberOffset[] }[] = [];
  ends = { earliest: 0n, latest: 100n, since: 50n };
  /** Commits wait for this, if set. */
  gate: Promise<void> | undefined;

  assign(memberEpoch: number, partitions: readonly number[], topicId = 'id-t'): void {
    this.answer = { ...this.answer, memberEpoch, assignment: [{ topicId, partitions }] };
  }

  /** Of the classic protocol. */
  classic: KafkaClassicGroupClient | undefined;

  async abilities() {
    return new Map(this.classic === undefined ? [[API_KEY.CONSUMER_GROUP_HEARTBEAT, { min: 1, max: 1 }]] : []);
  }

  joinGroup: KafkaClassicGroupClient['joinGroup'] = (request) => this.classic!.joinGroup(request);
  syncGroup: KafkaClassicGroupClient['syncGroup'] = (request) => this.classic!.syncGroup(request);
  groupHeartbeat: KafkaClassicGroupClient['groupHeartbeat'] = (member) => this.classic!.groupHeartbeat(member);
  leaveGroup: KafkaClassicGroupClient['leaveGroup'] = (member) => this.classic!.leaveGroup(member);

  async heartbeat(request: MemberHeartbeat): Promise<HeartbeatAnswer> {
    this.heartbeats.push(request);
    if (this.failure !== undefined) throw this.failure;
    return this.answer;
  }

  async memberOffsets(_member: GroupMembership, of: readonly PartitionOfId[]) {
    const offsets = of.map(({ topic, partition }): FoundOffset => {
      const found = this.committed.get(partitionKey({ topic, partition }));
      const errorCode = this.unstable.has(partitionKey({ topic, partition })) ? 88 : 0;
      return { topic, partition, errorCode, offset: found?.offset ?? -1n, metadata: found?.metadata ?? '' };
    });
    return { errorCode: 0, offsets };
  }

  async commitMemberOffsets(member: GroupMembership, offsets: readonly MemberOffset[]) {
    this.commits.push({ epoch: member.memberEpoch, offsets });
    const errorCode = this.commitCodes.shift() ?? 0;
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    for (const each of offsets) if (errorCode === 0) this.committed.set(partitionKey(each), each);
    return offsets.map(({ topic, partition }) => ({ topic, partition, errorCode }));
  }

  async staticMember(): Promise<string | null> {
    return this.predecessor;
  }

  async groupConfigs(): Promise<ReadonlyMap<string, string> | undefined> {
    return this.configs;
  }

  async metadata(topics: readonly string[] | undefined): Promise<ClusterMetadata> {
    const partitions = [0, 1, 2, 3].map((partition) => ({ ...NO_PARTITION, partition }));
    const told = (topics ?? []).map((name) => {
      const id = this.topicIds[name] ?? null;
      return { name, id, errorCode: id === null ? 3 : 0, partitions: id === null ? [] : partitions };
    });
    return { clusterId: 'c', controller: 1, brokers: [], topics: told };
  }

  async listOffsets(
    _broker: number,
    of: readonly { topic: string; partition: number }[],
    at: Parameters<KafkaClient['listOffsets']>[2],
  ): Promise<readonly ListedOffset[]> {
    const offset = at === 'earliest' || at === 'latest' ? this.ends[at] : this.ends.since;
    return of.map(({ topic, partition }) => ({ topic, partition, errorCode: 0, offset }));
  }
}
