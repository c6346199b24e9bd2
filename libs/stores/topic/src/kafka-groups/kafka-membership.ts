import { type Clock, TidemarkError } from '#libs/foundation/kernel';
import {
  type GroupMembership,
  type HeartbeatAnswer,
  KAFKA_ERROR,
  MEMBER_EPOCH,
  type TopicIdPartitions,
} from '#libs/foundation/kafka';
import type { GroupView, OffsetCommit, OwnedPartition, Release } from '../groups/group.ts';
import type { JoinRequest } from '../groups/ports.ts';
import { partitionKey, type TopicPartition } from '../groups/topic-partition.ts';
import { type AssignedPartition, HeldPartitions } from './held-partitions.ts';
import { leaseOf } from './lease.ts';
import { fenced, heartbeatError } from './member-answers.ts';
import { MemberCommits } from './member-commits.ts';
import { committedOrStart, type OffsetAccess } from './member-offsets.ts';
import { Settling } from './settling.ts';

export interface MembershipSettings extends Omit<OffsetAccess, 'start' | 'now'> {
  readonly clock: Clock;
  readonly wallClock: Clock;
  /** What went wrong beside a heartbeat that succeeded; it is tried again with the next one. */
  readonly onTrouble: (error: unknown) => void;
}

/** How long the settings of a group are believed, ms. */
const CONFIGS_AGE_MS = 60_000;

/**
 * One member's life in a Kafka group. Epoch 0 joins; the group answers each heartbeat with the member's epoch and all that
 * it may own. What is missing there and held is to be given up, and counts as given up once a heartbeat does not name it.
 *
 * ```
 *   joining ──answer──▶ member ──leave──▶ ended
 *                         └──fenced────▶ ended
 * ```
 */
export class KafkaMembership {
  readonly #settings: MembershipSettings;
  readonly #access: OffsetAccess;
  readonly #request: JoinRequest;
  readonly #held = new HeldPartitions();
  readonly #commits: MemberCommits;
  readonly #settling: Settling;
  #epoch: number = MEMBER_EPOCH.JOIN;
  #ended: TidemarkError | undefined;
  /** What the last answer wanted to have given up, by the numbers of its ownerships. */
  #revoking: ReadonlySet<bigint> = new Set();
  #turn: Promise<unknown> = Promise.resolve();
  #topics: readonly string[];
  #configs: { readonly values: ReadonlyMap<string, string> | undefined; readonly readAt: number } | undefined;

  constructor(settings: MembershipSettings, request: JoinRequest) {
    this.#settings = settings;
    this.#access = { ...settings, start: request.start, now: () => new Date(settings.wallClock.now()) };
    this.#request = request;
    this.#topics = request.topics;
    this.#settling = new Settling(settings.clock);
    this.#commits = new MemberCommits(this.#access, this.#held, {
      membership: () => this.#membership(),
      catchUp: (epoch) => this.#catchUp(epoch),
      end: (errorCode) => this.#end(heartbeatError(this.#who, errorCode, null)),
    });
  }

  /** Tells the group what the member owns, and applies its answer. Throws GROUP_FENCED once the membership has ended. */
  heartbeat(topics: readonly string[], released: readonly Release[]): Promise<GroupView> {
    return this.#inTurn(async () => {
      this.#topics = topics;
      await this.#settings.directory.look(topics);
      // Given up from now on, whatever becomes of the heartbeat: it may have arrived although its answer is lost.
      this.#held.release(released);
      const answer = await this.#beat();
      return await this.#apply(answer);
    });
  }

  /** See GroupCoordinator.commit. */
  commit(offsets: readonly OffsetCommit[]): Promise<void> {
    return this.#commits.commit(offsets);
  }

  /** See MemberCommits.rewind. */
  rewind(partition: TopicPartition, endOffset: bigint): Promise<void> {
    return this.#ended === undefined ? this.#commits.rewind(partition, endOffset) : Promise.resolve();
  }

  /** Ends the membership. A static member's partitions wait for its successor until the group's session timeout is over. */
  leave(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#ended !== undefined) return;
      this.#end(fenced(this.#who, 'has left'));
      await this.#sayGoodbye();
    });
  }

  get #who(): { group: string; memberId: string; instanceId: string | null } {
    return { group: this.#request.group, memberId: this.#request.memberId, instanceId: this.#instanceId };
  }

  get #instanceId(): string | null {
    return this.#request.instanceId ?? null;
  }

  #membership(): GroupMembership {
    if (this.#ended !== undefined) throw this.#ended;
    return { ...this.#who, memberEpoch: this.#epoch };
  }

  async #beat(): Promise<HeartbeatAnswer> {
    const answer = await this.#settings.client.heartbeat({
      ...this.#membership(),
      topics: this.#topics,
      rebalanceTimeoutMs: this.#request.handoverTimeoutMs,
      owned: byTopicId(this.#held.all()),
    });
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

  async #apply(answer: HeartbeatAnswer): Promise<GroupView> {
    const { assigned, unnamed } = await this.#named(answer.assignment ?? byTopicId(this.#held.all()));
    await this.#dropForsaken(assigned);
    const { revoke, free } = this.#held.compare(assigned);
    const waiting = await this.#take(free);
    const moving = revoke.length + waiting.length + unnamed;
    this.#settling.note(moving > 0);
    const leaseMs = leaseOf(await this.#groupConfigs(), answer.heartbeatIntervalMs);
    return {
      epoch: BigInt(this.#epoch),
      owned: this.#held.all().map(ownedOf),
      revoke: revoke.map(placeOf),
      waiting,
      unknownTopics: this.#topics.filter((topic) => this.#settings.directory.find(topic) === undefined),
      leaseMs,
      heartbeatMs: this.#settling.heartbeatMs(Math.min(answer.heartbeatIntervalMs, Math.floor(leaseMs / 3))),
    };
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

  /** Partitions of topics that are gone: nothing of them can be committed any more, so nobody waits until they are given up. */
  async #dropForsaken(assigned: readonly AssignedPartition[]): Promise<void> {
    const { directory } = this.#settings;
    const revoke = new Set(this.#held.compare(assigned).revoke.map((held) => held.assignmentEpoch));
    const isNews = [...revoke].some((assignmentEpoch) => !this.#revoking.has(assignmentEpoch));
    this.#revoking = revoke;
    if (!isNews) return;
    directory.distrust();
    await directory.look(this.#topics);
    this.#held.release(
      this.#held
        .all()
        .filter((held) => revoke.has(held.assignmentEpoch) && directory.find(held.topic)?.id !== held.topicId),
    );
  }

  /** Takes what is free and known well enough, and reads doubtful offsets again; answers what has to wait. */
  async #take(free: readonly AssignedPartition[]): Promise<TopicPartition[]> {
    const doubtful = this.#held.all().filter((held) => held.isDoubtful);
    if (free.length + doubtful.length === 0) return [];
    try {
      const known = await committedOrStart(this.#access, this.#membership(), [...free, ...doubtful]);
      for (const held of doubtful) {
        const offset = known.get(partitionKey(held));
        if (offset !== undefined) this.#held.committed(held, offset);
      }
      return free
        .filter((partition) => {
          const offset = known.get(partitionKey(partition));
          if (offset !== undefined) this.#held.take(partition, offset);
          return offset === undefined;
        })
        .map(placeOf);
    } catch (error) {
      // The heartbeat has succeeded: the rest of its answer counts all the same.
      this.#settings.onTrouble(error);
      return free.map(placeOf);
    }
  }

  async #groupConfigs(): Promise<ReadonlyMap<string, string> | undefined> {
    const now = this.#settings.clock.now();
    if (this.#configs === undefined || now - this.#configs.readAt >= CONFIGS_AGE_MS) {
      const values = await this.#settings.client.groupConfigs(this.#request.group).catch((error: unknown) => {
        this.#settings.onTrouble(error);
        return this.#configs?.values;
      });
      this.#configs = { values, readAt: now };
    }
    return this.#configs.values;
  }

  /** After a commit was refused because of its epoch: resolves when the member knows a later one. */
  #catchUp(refusedEpoch: number): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#epoch !== refusedEpoch) return;
      // An answer was lost. What else this one says comes again with the next heartbeat.
      await this.#beat();
    });
  }

  #end(error: TidemarkError): void {
    this.#ended ??= error;
    this.#held.clear();
  }

  async #sayGoodbye(): Promise<void> {
    const memberEpoch = this.#instanceId === null ? MEMBER_EPOCH.LEAVE : MEMBER_EPOCH.LEAVE_STATIC;
    const answer = await this.#settings.client.heartbeat({
      ...this.#who,
      memberEpoch,
      topics: [],
      rebalanceTimeoutMs: this.#request.handoverTimeoutMs,
      owned: [],
    });
    if (answer.errorCode === KAFKA_ERROR.NONE) return;
    const error = heartbeatError(this.#who, answer.errorCode, answer.errorMessage);
    if (error.code !== 'GROUP_FENCED' && answer.errorCode !== KAFKA_ERROR.GROUP_ID_NOT_FOUND) throw error;
  }

  /** One heartbeat at a time: the epoch of each is the answer to the one before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function placeOf({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition };
}

function ownedOf({ topic, partition, assignmentEpoch, nextOffset }: OwnedPartition): OwnedPartition {
  return { topic, partition, assignmentEpoch, nextOffset };
}

function byTopicId(held: readonly AssignedPartition[]): TopicIdPartitions[] {
  const topics = new Map<string, number[]>();
  for (const { topicId, partition } of held) topics.set(topicId, [...(topics.get(topicId) ?? []), partition]);
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }));
}
