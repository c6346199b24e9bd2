import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import { checkTopics } from './check-request.ts';
import {
  type GroupMemberEvents,
  type GroupMemberOptions,
  memberSettings,
  type MemberSettings,
} from './group-member-options.ts';
import { GroupSession } from './group-session.ts';
import type { GroupView, OffsetCommit } from './group.ts';
import { OwnedPartitions, type PolledPartition } from './owned-partitions.ts';
import type { TakeLimits } from './partition-work.ts';
import { RecordFetcher } from './record-fetcher.ts';
import { partitionKey, type TopicPartition } from './topic-partition.ts';

export interface PollOptions extends TakeLimits {
  /** Wait for a first record, ms. */
  readonly waitMs: number;
}

export interface CommitOptions {
  /** Offsets after the last handled records; default: all that was handed out. */
  readonly offsets?: readonly (TopicPartition & { readonly nextOffset: bigint; readonly metadata?: string })[];
  /**
   * The transaction that holds the effects of the records, so that both commit or neither. Should it roll back
   * afterwards, go back with `seek` to what has to be handled again.
   */
  readonly tx?: Queryable;
}

/** One wait for new records, ms; then the group is looked at again. */
const WAIT_MAX_MS = 15_000;

/**
 * A member of a consumer group: joins, keeps itself alive, and hands out the records of the partitions it owns.
 *
 * At least once: what was handed out and not committed is handed out again, to whoever owns the partition then. A record
 * is never handed out after the member has lost its partition, also not when it cannot hear from the group: its lease
 * ends before the group gives the partition to another (group-session.ts). Memory: `bufferMaxBytes` and one record.
 * `poll`, `commit` and `seek` may be called from several places at once; commits of one partition must come in order.
 */
export class GroupMember {
  readonly #settings: MemberSettings;
  readonly #events: GroupMemberEvents;
  readonly #owned = new OwnedPartitions();
  readonly #fetcher: RecordFetcher;
  readonly #session: GroupSession;
  #refusal: TidemarkError | undefined;
  #stopping: Promise<void> | undefined;
  #changed = new AbortController();

  /** Throws GROUP_INVALID for settings that cannot work together. */
  constructor(options: GroupMemberOptions) {
    this.#settings = memberSettings(options);
    this.#events = options;
    this.#fetcher = new RecordFetcher(this.#settings.source, this.#owned, this.#settings, (partition, from, to) =>
      this.#events.onSkipped?.(partition, from, to),
    );
    this.#session = new GroupSession(this.#settings, {
      releasable: (now) => this.#owned.releasable(now, this.#settings.drainMs),
      view: (view) => this.#apply(view),
      lost: () => this.#drop('lost'),
      error: (error) => this.#events.onError?.(error),
      refused: (error) => this.#refuse(error),
    });
  }

  /** Changes when the member had to join anew. */
  get memberId(): string {
    return this.#session.memberId;
  }

  /** Begins to join; partitions come with onAssigned. A member lives once: after `stop`, make another one. */
  async start(): Promise<void> {
    this.#refuseWhenStopped();
    await this.#session.start();
  }

  /**
   * Leaves the group, so that others take over at once; commit before. A static member does not leave: its partitions
   * wait for its successor until the session timeout. Polls that wait return. Callers share the first
   * call. When the group cannot be told in time, onError hears of it, and the group notices by the session timeout.
   * Rejects with STOP_DEADLINE_EXCEEDED when a heartbeat hangs.
   */
  stop(options: { readonly deadlineMs: number }): Promise<void> {
    this.#stopping ??= this.#session.stop(options.deadlineMs).finally(() => this.#drop('released'));
    this.#wakePolls();
    return this.#stopping;
  }

  /**
   * Records of owned partitions, in order within each; empty when none came in time or the member is stopping. The first
   * record may exceed maxBytes by itself. Throws what reading threw (try again), SHUTTING_DOWN after `stop`, and
   * GROUP_INVALID or GROUP_INSTANCE_TAKEN when the group refuses this member for good.
   */
  async poll(options: PollOptions): Promise<PolledPartition[]> {
    this.#refuseWhenStopped();
    const { clock, source } = this.#settings;
    const until = clock.now() + options.waitMs;
    for (;;) {
      if (this.#refusal !== undefined) throw this.#refusal;
      const changed = this.#changed.signal;
      const ready = this.#handOut(options);
      if (ready.length > 0) {
        this.#readAhead();
        return ready;
      }
      const cursor = await source.cursor();
      const passedHole = await this.#fetcher.fill();
      const fetched = this.#handOut(options);
      const remainingMs = until - clock.now();
      if (fetched.length > 0 || remainingMs <= 0 || this.#stopping !== undefined) return fetched;
      if (passedHole) continue;
      // Whole milliseconds: timers take no others.
      await source.waitBeyond(cursor, Math.ceil(Math.min(remainingMs, WAIT_MAX_MS)), changed);
    }
  }

  /**
   * Commits what was handed out, or the offsets given. Throws GROUP_FENCED when a partition is not this member's any
   * more (nothing is committed then: its records are handled elsewhere), GROUP_INVALID for an offset that goes back.
   */
  async commit(options: CommitOptions = {}): Promise<void> {
    const offsets = options.offsets?.map((offset): OffsetCommit => {
      const work = this.#owned.find(offset);
      if (work === undefined) throw this.#notOwned(offset);
      return { ...offset, assignmentEpoch: work.assignmentEpoch };
    });
    const commit = {
      group: this.#settings.group,
      memberId: this.memberId,
      offsets: offsets ?? this.#owned.uncommitted(),
    };
    if (commit.offsets.length === 0) return;
    try {
      await this.#settings.coordinator.commit(commit, options.tx);
    } catch (error) {
      if (error instanceof TidemarkError && error.code === 'GROUP_FENCED') this.#session.wake();
      throw error;
    }
    this.#owned.committed(commit.offsets);
    this.#releaseSoon();
  }

  /**
   * Subscribes to these topics instead of the ones before. Partitions of new ones come with onAssigned; those of dropped
   * ones are asked back as in any handover, so what was handed out of them can be committed. Throws GROUP_INVALID for
   * names that are none, or more than 1000, and the subscription stays as it was.
   */
  subscribe(topics: readonly string[]): void {
    checkTopics(this.#settings.group, topics);
    this.#session.subscribe([...topics]);
  }

  /**
   * Hands out the partition from this offset on, for example again after effects were rolled back. One that the group
   * asks for hands out nothing, but no longer waits for what was handed out behind the offset: back at the committed
   * offset it is released at once. Throws GROUP_FENCED.
   */
  seek(partition: TopicPartition, offset: bigint): void {
    const work = this.#owned.find(partition);
    if (work === undefined) throw this.#notOwned(partition);
    work.seek(offset);
    this.#wakePolls();
    this.#releaseSoon();
  }

  /**
   * Hands out nothing more of the partitions, however long, until `resume`; they stay this member's, and what was handed
   * out can be committed. A pause ends with its ownership: a partition that comes back is not paused. Partitions that
   * are not owned are passed over, for a caller cannot know what the group has just taken.
   */
  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#owned.find(partition)?.pause();
  }

  /** Ends the pause of the partitions; they go on behind what was handed out. */
  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#owned.find(partition)?.resume();
    this.#wakePolls();
  }

  /** For health pages. */
  status(): { memberId: string; joined: boolean; partitions: number; bufferedBytes: number; leaseLeftMs: number } {
    return {
      memberId: this.memberId,
      joined: this.#session.joined,
      partitions: this.#owned.size,
      bufferedBytes: this.#owned.bufferedBytes,
      leaseLeftMs: Math.max(0, this.#session.leaseLeftMs),
    };
  }

  /** True when something can be released at once: those who wait for it need not wait for the next heartbeat. */
  #apply(view: GroupView): boolean {
    if (this.#stopping !== undefined) return false;
    const now = this.#settings.clock.now();
    const change = this.#owned.apply(view, now);
    if (change.gone.length > 0) this.#events.onRevoked?.(change.gone, 'released');
    if (change.revoking.length > 0) this.#events.onRevoking?.(change.revoking);
    if (change.assigned.length > 0) this.#events.onAssigned?.(change.assigned);
    if (change.assigned.length + change.revoking.length + change.gone.length > 0) this.#wakePolls();
    // Only after a change: a release that the group cannot take yet must not make the member ask without a pause.
    return change.revoking.length > 0 && this.#owned.releasable(now, this.#settings.drainMs).length > 0;
  }

  #handOut(limits: TakeLimits): PolledPartition[] {
    if (this.#session.leaseLeftMs <= 0) this.#drop('lost');
    return this.#stopping === undefined ? this.#owned.take(limits) : [];
  }

  #readAhead(): void {
    // The next poll tries again, and throws if it fails again.
    this.#fetcher.fill().catch((error: unknown) => this.#events.onError?.(error));
  }

  #refuse(error: TidemarkError): void {
    this.#refusal = error;
    this.#drop('lost');
    this.#events.onError?.(error);
    this.#wakePolls();
  }

  #drop(how: 'released' | 'lost'): void {
    const gone = this.#owned.dropAll();
    if (gone.length > 0) this.#events.onRevoked?.(gone, how);
  }

  /** Somebody may wait for a partition that is done now. */
  #releaseSoon(): void {
    if (this.#owned.releasable(this.#settings.clock.now(), this.#settings.drainMs).length > 0) this.#session.wake();
  }

  #wakePolls(): void {
    this.#changed.abort();
    this.#changed = new AbortController();
  }

  #refuseWhenStopped(): void {
    if (this.#stopping === undefined) return;
    throw new TidemarkError('SHUTTING_DOWN', `this member of group ${this.#settings.group} has left; make another one`);
  }

  #notOwned(partition: TopicPartition): TidemarkError {
    return new TidemarkError(
      'GROUP_FENCED',
      `group ${this.#settings.group}: ${partitionKey(partition)} is not owned by ${this.memberId}`,
    );
  }
}
