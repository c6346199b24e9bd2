import type { TidemarkError } from '#libs/foundation/kernel';
import {
  type GroupMembership,
  type HeartbeatAnswer,
  KAFKA_ERROR,
  MEMBER_EPOCH,
  type TopicIdPartitions,
} from '#libs/foundation/kafka';
import type { GroupView, OffsetCommit, Release } from '../groups/group.ts';
import type { JoinRequest } from '../groups/ports.ts';
import type { TopicPartition } from '../groups/topic-partition.ts';
import { GroupConfigs } from './group-configs.ts';
import type { AssignedPartition } from './held-partitions.ts';
import { leaseOf } from './lease.ts';
import { fenced, heartbeatError, type Who } from './member-answers.ts';
import { MemberPartitions } from './member-partitions.ts';
import type { Membership, MembershipSettings } from './membership.ts';
import { Settling } from './settling.ts';
import { Turns } from './turns.ts';

/**
 * A membership by the consumer protocol of Kafka 4 (KIP-848). Epoch 0 joins; the group answers each heartbeat with the
 * member's epoch and all that it may own. What is missing there and held is to be given up, and counts as given up once a
 * heartbeat does not name it.
 *
 * ```
 *   joining ──answer──▶ member ──leave──▶ ended
 *                         └──fenced────▶ ended
 * ```
 */
export class KafkaMembership implements Membership {
  readonly #settings: MembershipSettings;
  readonly #request: JoinRequest;
  readonly #partitions: MemberPartitions;
  readonly #configs: GroupConfigs;
  readonly #settling: Settling;
  /** One heartbeat at a time: the epoch of each is the answer to the one before. */
  readonly #turns = new Turns();
  #epoch: number = MEMBER_EPOCH.JOIN;
  #ended: TidemarkError | undefined;
  #topics: readonly string[];

  constructor(settings: MembershipSettings, request: JoinRequest) {
    this.#settings = settings;
    this.#request = request;
    this.#topics = request.topics;
    this.#settling = new Settling(settings.clock);
    this.#configs = new GroupConfigs(request.group, settings);
    const access = { ...settings, start: request.start, now: () => new Date(settings.wallClock.now()) };
    this.#partitions = new MemberPartitions(access, {
      membership: () => this.#membership(),
      catchUp: (epoch) => this.#catchUp(epoch),
      end: (errorCode) => this.#end(heartbeatError(this.#who, errorCode, null)),
      trouble: settings.onTrouble,
    });
  }

  heartbeat(topics: readonly string[], released: readonly Release[]): Promise<GroupView> {
    return this.#turns.take(async () => {
      this.#topics = topics;
      await this.#settings.directory.look(topics);
      // Given up from now on, whatever becomes of the heartbeat: it may have arrived although its answer is lost.
      this.#partitions.held.release(released);
      return await this.#apply(await this.#beat());
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
      this.#end(fenced(this.#who, 'has left'));
      await this.#sayGoodbye();
    });
  }

  get #who(): Who {
    const { group, memberId, instanceId } = this.#request;
    return { group, memberId, instanceId: instanceId ?? null };
  }

  #membership(): GroupMembership {
    if (this.#ended !== undefined) throw this.#ended;
    return { ...this.#who, memberEpoch: this.#epoch };
  }

  async #beat(): Promise<HeartbeatAnswer> {
    let answer = await this.#say(this.#membership());
    if (answer.errorCode === KAFKA_ERROR.UNRELEASED_INSTANCE_ID && (await this.#sendPredecessorAway())) {
      answer = await this.#say(this.#membership());
    }
    if (answer.errorCode === KAFKA_ERROR.NONE) {
      this.#settling.note(answer.memberEpoch !== this.#epoch);
      this.#epoch = answer.memberEpoch;
      return answer;
    }
    const error = heartbeatError(this.#who, answer.errorCode, answer.errorMessage);
    if (error.code === 'GROUP_FENCED') {
      this.#end(error);
      // Under another epoch the group still counts it, and its partitions would wait for the session timeout.
      if (answer.errorCode === KAFKA_ERROR.FENCED_MEMBER_EPOCH)
        await this.#sayGoodbye().catch(this.#settings.onTrouble);
    }
    throw error;
  }

  /** As a new process with its instance id does on Postgres: one that has crashed would hold its place for its whole session. */
  async #sendPredecessorAway(): Promise<boolean> {
    const { group, instanceId } = this.#who;
    const { client } = this.#settings;
    const predecessor = instanceId === null ? null : await client.staticMember(group, instanceId);
    if (predecessor === null) return false;
    const away = { group, memberId: predecessor, instanceId, memberEpoch: MEMBER_EPOCH.LEAVE_STATIC };
    return (await this.#say(away)).errorCode === KAFKA_ERROR.NONE;
  }

  #say(member: GroupMembership): Promise<HeartbeatAnswer> {
    const isLeaving = member.memberEpoch < 0;
    return this.#settings.client.heartbeat({
      ...member,
      topics: isLeaving ? [] : this.#topics,
      rebalanceTimeoutMs: this.#request.handoverTimeoutMs,
      owned: isLeaving ? [] : byTopicId(this.#partitions.held.all()),
    });
  }

  async #apply(answer: HeartbeatAnswer): Promise<GroupView> {
    const { assigned, unnamed } = await this.#named(answer.assignment ?? byTopicId(this.#partitions.held.all()));
    const view = await this.#partitions.apply(assigned, this.#topics);
    this.#settling.note(view.revoke.length + view.waiting.length + unnamed > 0);
    const leaseMs = leaseOf(await this.#configs.read(), answer.heartbeatIntervalMs);
    const usualMs = Math.min(answer.heartbeatIntervalMs, Math.floor(leaseMs / 3));
    return { ...view, epoch: BigInt(this.#epoch), leaseMs, heartbeatMs: this.#settling.heartbeatMs(usualMs) };
  }

  /** The assignment with names. A topic without one is not taken yet: this client has not heard of it. */
  async #named(assignment: readonly TopicIdPartitions[]): Promise<{ assigned: AssignedPartition[]; unnamed: number }> {
    const { directory } = this.#settings;
    if (assignment.some(({ topicId }) => directory.nameOf(topicId) === undefined)) {
      directory.distrust();
      await directory.look(this.#topics);
    }
    let unnamed = 0;
    const assigned = assignment.flatMap(({ topicId, partitions }) => {
      const topic = directory.nameOf(topicId);
      if (topic === undefined) unnamed += partitions.length;
      return topic === undefined ? [] : partitions.map((partition) => ({ topic, topicId, partition }));
    });
    if (unnamed > 0) directory.distrust();
    return { assigned, unnamed };
  }

  /** After a commit was refused because of its epoch: resolves when the member knows a later one. */
  #catchUp(refusedEpoch: number): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#epoch !== refusedEpoch) return;
      // An answer was lost. What else this one says comes again with the next heartbeat.
      await this.#beat();
    });
  }

  #end(error: TidemarkError): void {
    this.#ended ??= error;
    this.#partitions.held.clear();
  }

  async #sayGoodbye(): Promise<void> {
    const memberEpoch = this.#who.instanceId === null ? MEMBER_EPOCH.LEAVE : MEMBER_EPOCH.LEAVE_STATIC;
    const answer = await this.#say({ ...this.#who, memberEpoch });
    if (answer.errorCode === KAFKA_ERROR.NONE) return;
    const error = heartbeatError(this.#who, answer.errorCode, answer.errorMessage);
    if (error.code !== 'GROUP_FENCED' && answer.errorCode !== KAFKA_ERROR.GROUP_ID_NOT_FOUND) throw error;
  }
}

function byTopicId(held: readonly AssignedPartition[]): TopicIdPartitions[] {
  const topics = new Map<string, number[]>();
  for (const { topicId, partition } of held) topics.set(topicId, [...(topics.get(topicId) ?? []), partition]);
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }));
}
