import type { TidemarkError } from '#libs/foundation/kernel';
import {
  type ClassicMember,
  type GroupMembership,
  KAFKA_ERROR,
  type KafkaClassicGroupClient,
} from '#libs/foundation/kafka';
import type { GroupView, OffsetCommit, Release } from '../../groups/group.ts';
import type { JoinRequest } from '../../groups/ports.ts';
import type { TopicPartition } from '../../groups/topic-partition.ts';
import type { AssignedPartition } from '../held-partitions.ts';
import { SAFE_SHARE } from '../lease.ts';
import { fenced, type Who } from '../member-answers.ts';
import { MemberPartitions } from '../member-partitions.ts';
import type { Membership, MembershipSettings } from '../membership.ts';
import { Settling } from '../settling.ts';
import { Turns } from '../turns.ts';
import { classicError } from './classic-answers.ts';
import { GroupLeader } from './group-leader.ts';
import { readAssignment } from './member-assignment.ts';
import { writeMetadata } from './member-metadata.ts';

export interface ClassicSettings extends MembershipSettings {
  readonly client: MembershipSettings['client'] & KafkaClassicGroupClient;
}

/** By this name other clients' members take part. */
const PROTOCOL = 'cooperative-sticky';
/** A group may change again while its members join; so often in a row it does not. */
const ATTEMPTS = 5;

/**
 * A membership by the classic protocol, for clusters without the consumer protocol. Whenever the group changes, all members
 * join again and one of them, the leader, says who gets what. Members keep what they own meanwhile (KIP-429): what the
 * leader wants to have elsewhere is missing in its next assignment, and has its new owner after its old one has given it up
 * and joined again. A join is answered when all have joined: where one of them takes longer than the lease lasts, the others
 * stop handing out, and go on behind what they have committed.
 *
 * ```
 *   outside ──join, sync──▶ member ──leave, fenced──▶ ended
 *                ▲            │ rebalance, released, other topics, grown topics (leader)
 *                └────────────┘
 * ```
 */
export class ClassicMembership implements Membership {
  readonly #settings: ClassicSettings;
  readonly #request: JoinRequest;
  readonly #partitions: MemberPartitions;
  readonly #leader: GroupLeader;
  readonly #settling: Settling;
  readonly #turns = new Turns();
  /** Given by the coordinator. */
  #memberId = '';
  #generation = -1;
  #isLeader = false;
  #mustJoin = true;
  #topics: readonly string[];
  #assigned: readonly TopicPartition[] = [];
  #ended: TidemarkError | undefined;

  constructor(settings: ClassicSettings, request: JoinRequest) {
    this.#settings = settings;
    this.#request = request;
    this.#topics = request.topics;
    this.#leader = new GroupLeader(request.group, settings.directory);
    this.#settling = new Settling(settings.clock);
    const access = { ...settings, start: request.start, now: () => new Date(settings.wallClock.now()) };
    this.#partitions = new MemberPartitions(access, {
      membership: () => this.#membership(),
      catchUp: (generation) => this.#catchUp(generation),
      end: (errorCode) => this.#end(classicError(this.#who, errorCode, request.sessionTimeoutMs)),
      trouble: settings.onTrouble,
    });
  }

  heartbeat(topics: readonly string[], released: readonly Release[]): Promise<GroupView> {
    return this.#turns.take(async () => {
      if (topics.join() !== this.#topics.join()) this.#mustJoin = true;
      this.#topics = topics;
      const { held } = this.#partitions;
      held.release(released);
      await this.#settings.directory.look(topics);
      // Others wait for what was given up; once, when all of it is.
      if (released.length > 0 && held.compare(this.#named()).revoke.length === 0) this.#mustJoin = true;
      await this.#stay();
      return await this.#apply();
    });
  }

  commit(offsets: readonly OffsetCommit[]): Promise<void> {
    return this.#partitions.commits.commit(offsets);
  }

  async rewind(partition: TopicPartition, endOffset: bigint): Promise<void> {
    if (this.#ended === undefined) await this.#partitions.commits.rewind(partition, endOffset);
  }

  leave(): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#ended !== undefined) return;
      const member = this.#member();
      this.#end(fenced(this.#who, 'has left'));
      // The group keeps the place of a static member for as long as its session lasts.
      if (member.instanceId === null) await this.#sayGoodbye(member);
    });
  }

  get #who(): Who {
    const { group, memberId, instanceId } = this.#request;
    return { group, memberId, instanceId: instanceId ?? null };
  }

  #member(): ClassicMember {
    if (this.#ended !== undefined) throw this.#ended;
    return { ...this.#who, memberId: this.#memberId, generation: this.#generation };
  }

  #membership(): GroupMembership {
    const { generation, ...member } = this.#member();
    return { ...member, memberEpoch: generation };
  }

  /** Heartbeats, and joins again when something has changed. */
  async #stay(): Promise<void> {
    if (!this.#mustJoin) {
      const { errorCode } = await this.#settings.client.groupHeartbeat(this.#member());
      if (errorCode === KAFKA_ERROR.REBALANCE_IN_PROGRESS) this.#mustJoin = true;
      else if (errorCode !== KAFKA_ERROR.NONE) await this.#refused(errorCode);
    }
    if (!this.#mustJoin && this.#isLeader && (await this.#leader.isOutdated())) this.#mustJoin = true;
    if (this.#mustJoin) await this.#join();
  }

  async #join(): Promise<void> {
    this.#mustJoin = true;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if ((await this.#joinOnce()) === 'joined') {
        this.#mustJoin = false;
        this.#settling.note(true);
        return;
      }
    }
    // The next heartbeat goes on.
  }

  async #joinOnce(): Promise<'joined' | 'again'> {
    const { client } = this.#settings;
    const { sessionTimeoutMs, handoverTimeoutMs } = this.#request;
    const owned = this.#partitions.held.all();
    const { generation, ...member } = this.#member();
    const joined = await client.joinGroup({
      ...member,
      sessionTimeoutMs,
      rebalanceTimeoutMs: handoverTimeoutMs,
      protocol: PROTOCOL,
      metadata: writeMetadata({ topics: this.#topics, owned, generation: owned.length === 0 ? -1 : generation }),
    });
    if (joined.errorCode === KAFKA_ERROR.MEMBER_ID_REQUIRED) {
      this.#memberId = joined.memberId;
      return 'again';
    }
    if (joined.errorCode !== KAFKA_ERROR.NONE) return await this.#refused(joined.errorCode);
    this.#memberId = joined.memberId;
    this.#generation = joined.generation;
    this.#isLeader = joined.leader === joined.memberId && joined.members.length > 0;
    const assignments = this.#isLeader ? await this.#leader.lead(joined.members) : [];
    const synced = await client.syncGroup({ ...this.#member(), assignments });
    if (synced.errorCode === KAFKA_ERROR.REBALANCE_IN_PROGRESS) return 'again';
    if (synced.errorCode !== KAFKA_ERROR.NONE) return await this.#refused(synced.errorCode);
    this.#assigned = readAssignment(synced.assignment);
    return 'joined';
  }

  async #apply(): Promise<GroupView> {
    const assigned = this.#named();
    const view = await this.#partitions.apply(assigned, this.#topics);
    const { sessionTimeoutMs } = this.#request;
    this.#settling.note(this.#mustJoin || view.revoke.length + view.waiting.length > 0);
    return {
      ...view,
      epoch: BigInt(this.#generation),
      leaseMs: Math.floor(sessionTimeoutMs * SAFE_SHARE),
      heartbeatMs: this.#settling.heartbeatMs(Math.floor(sessionTimeoutMs / 3)),
    };
  }

  /** The assignment with the ids of topics. One that this client has not heard of is not taken yet. */
  #named(): AssignedPartition[] {
    const { directory } = this.#settings;
    return this.#assigned.flatMap(({ topic, partition }) => {
      const topicId = directory.find(topic)?.id;
      if (topicId === undefined) directory.distrust();
      return topicId === undefined ? [] : [{ topic, topicId, partition }];
    });
  }

  /** After a commit was refused because of its generation: resolves when the member knows a later one. */
  #catchUp(refusedGeneration: number): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#generation === refusedGeneration) await this.#stay();
    });
  }

  async #refused(errorCode: number): Promise<never> {
    const member = this.#member();
    const error = classicError(this.#who, errorCode, this.#request.sessionTimeoutMs);
    if (error.code === 'GROUP_FENCED') {
      this.#end(error);
      // Of another generation it is a member still, and the others would wait for its session to end.
      if (errorCode === KAFKA_ERROR.ILLEGAL_GENERATION) {
        await this.#sayGoodbye(member).catch(this.#settings.onTrouble);
      }
    }
    throw error;
  }

  #end(error: TidemarkError): void {
    this.#ended ??= error;
    this.#partitions.held.clear();
  }

  async #sayGoodbye(member: ClassicMember): Promise<void> {
    if (member.memberId === '') return;
    const { errorCode } = await this.#settings.client.leaveGroup(member);
    if (errorCode === KAFKA_ERROR.NONE || errorCode === KAFKA_ERROR.UNKNOWN_MEMBER_ID) return;
    throw classicError(this.#who, errorCode, this.#request.sessionTimeoutMs);
  }
}
