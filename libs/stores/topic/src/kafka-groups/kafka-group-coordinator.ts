import { type Clock, systemClock, TidemarkError } from '#libs/foundation/kernel';
import { API_KEY, type KafkaClassicGroupClient, type KafkaClient, type KafkaGroupClient } from '#libs/foundation/kafka';
import type { Queryable } from '#libs/foundation/postgres';
import { checkCommit, checkHeartbeat, checkJoin } from '../groups/check-request.ts';
import type { GroupView } from '../groups/group.ts';
import type { CommitRequest, GroupCoordinator, HeartbeatRequest, JoinRequest, LeaveRequest } from '../groups/ports.ts';
import type { TopicPartition } from '../groups/topic-partition.ts';
import { ClassicMembership } from './classic/classic-membership.ts';
import { KafkaMembership } from './kafka-membership.ts';
import { fenced } from './member-answers.ts';
import type { Membership } from './membership.ts';
import { TopicDirectory } from './topic-directory.ts';

/** `consumer`: brokers assign (Kafka 4.0 and later, KIP-848). `classic`: a member assigns (all versions). */
export type GroupProtocol = 'consumer' | 'classic';

export interface KafkaCoordinatorOptions {
  readonly client: KafkaGroupClient &
    KafkaClassicGroupClient &
    Pick<KafkaClient, 'metadata' | 'listOffsets' | 'abilities'>;
  /** Default: the consumer protocol where the cluster has it, else the classic one. */
  readonly protocol?: GroupProtocol;
  /** What went wrong beside a heartbeat that succeeded, and is tried again. Must not throw. */
  readonly onTrouble: (error: unknown) => void;
  /** Must be monotonic; default: the process's monotonic clock. */
  readonly clock?: Clock;
  /** For the moment at which a group begins; default: the system's clock. */
  readonly wallClock?: Clock;
}

/**
 * Groups of a Kafka cluster: members of this process, known to the cluster as any other client's, and with them in one
 * group if they are. By the consumer protocol brokers decide who has which partition, and after how long a silent member is
 * dead: the views say how long a member may believe them. `client` of a join is not passed on, Kafka has no place for it.
 *
 * Other than on Postgres: a commit cannot be part of a database's transaction (GROUP_INVALID); an offset beyond the end is
 * not refused; and offsets of several partitions are committed together, but one may be refused by itself
 * (KAFKA_REFUSED, for a topic that was deleted, say).
 */
export class KafkaGroupCoordinator implements GroupCoordinator {
  readonly #options: KafkaCoordinatorOptions;
  #protocol: GroupProtocol | undefined;
  readonly #members = new Map<string, Membership>();

  constructor(options: KafkaCoordinatorOptions) {
    this.#options = options;
  }

  async join(request: JoinRequest): Promise<GroupView> {
    checkJoin(request);
    const protocol = (this.#protocol ??= await this.#chooseProtocol());
    try {
      return await this.#joinBy(protocol, request);
    } catch (error) {
      // Brokers that know the protocol may have it turned off.
      const isOff = error instanceof TidemarkError && error.code === 'KAFKA_UNSUPPORTED' && protocol === 'consumer';
      if (!isOff || this.#options.protocol !== undefined) throw error;
      this.#protocol = 'classic';
      return await this.#joinBy('classic', request);
    }
  }

  async heartbeat(request: HeartbeatRequest): Promise<GroupView> {
    checkHeartbeat(request);
    return await this.#beat(request, this.#member(request), request.released);
  }

  async leave(request: LeaveRequest): Promise<void> {
    const member = this.#members.get(keyOf(request));
    this.#members.delete(keyOf(request));
    await member?.leave();
  }

  async commit(request: CommitRequest, tx?: Queryable): Promise<void> {
    checkCommit(request);
    if (tx !== undefined) {
      throw new TidemarkError(
        'GROUP_INVALID',
        `group ${request.group}: offsets of a Kafka cluster cannot be committed in a transaction of Postgres`,
        { remedy: 'Commit after the transaction, without `tx`; what is handled again then is known to the inbox.' },
      );
    }
    if (request.offsets.length > 0) await this.#member(request).commit(request.offsets);
  }

  /**
   * The log of a partition has lost its end (an unclean election, say) and ends here now: members that have committed more
   * go back, which a commit may not. Failures are told to `onTrouble`; then the next commit puts it right.
   */
  async rewind(partition: TopicPartition, endOffset: bigint): Promise<void> {
    const members = [...this.#members.values()];
    const outcomes = await Promise.allSettled(members.map((member) => member.rewind(partition, endOffset)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') this.#options.onTrouble(outcome.reason);
  }

  async #chooseProtocol(): Promise<GroupProtocol> {
    const { protocol, client } = this.#options;
    return protocol ?? ((await client.abilities()).has(API_KEY.CONSUMER_GROUP_HEARTBEAT) ? 'consumer' : 'classic');
  }

  #joinBy(protocol: GroupProtocol, request: JoinRequest): Promise<GroupView> {
    const { client, onTrouble, clock = { now: () => performance.now() }, wallClock = systemClock } = this.#options;
    const settings = { client, directory: new TopicDirectory(client, { clock }), clock, wallClock, onTrouble };
    const member =
      protocol === 'consumer' ? new KafkaMembership(settings, request) : new ClassicMembership(settings, request);
    this.#members.set(keyOf(request), member);
    return this.#beat(request, member, []);
  }

  async #beat(
    request: Pick<HeartbeatRequest, 'group' | 'memberId' | 'topics'>,
    member: Membership,
    released: HeartbeatRequest['released'],
  ): Promise<GroupView> {
    try {
      return await member.heartbeat(request.topics, released);
    } catch (error) {
      if (error instanceof TidemarkError && error.code === 'GROUP_FENCED') this.#members.delete(keyOf(request));
      throw error;
    }
  }

  #member(request: { readonly group: string; readonly memberId: string }): Membership {
    const member = this.#members.get(keyOf(request));
    if (member === undefined) throw fenced({ ...request, instanceId: null }, 'is not a member of this process');
    return member;
  }
}

const keyOf = (of: { readonly group: string; readonly memberId: string }): string => `${of.group}/${of.memberId}`;
