import { type Clock, TidemarkError } from '#libs/foundation/kernel';
import { type Sleep, systemSleep } from '#libs/foundation/lifecycle';
import type { GroupStart, OwnedPartition } from './group.ts';
import type { GroupCoordinator, RecordSource } from './ports.ts';
import type { TopicPartition } from './topic-partition.ts';

/** What an application may want to know. Called in order, between its own calls; must not throw. */
export interface GroupMemberEvents {
  onAssigned?(partitions: readonly OwnedPartition[]): void;
  /** The group asks for the partitions: no more records of them come; commit those that did within `drainMs`. */
  onRevoking?(partitions: readonly TopicPartition[]): void;
  /** The partitions are not this member's any more. `lost`: without having been asked; others may have them already. */
  onRevoked?(partitions: readonly TopicPartition[], how: 'released' | 'lost'): void;
  /**
   * Retention dropped records before this group had read them. Or, with `toOffset` before `fromOffset`, a log on a Kafka
   * cluster has lost its end, and the group goes on where it ends now.
   */
  onSkipped?(partition: TopicPartition, fromOffset: bigint, toOffset: bigint): void;
  /** A heartbeat or a read ahead failed; it is tried again. */
  onError?(error: unknown): void;
}

export interface GroupMemberOptions extends GroupMemberEvents {
  readonly coordinator: GroupCoordinator;
  readonly source: RecordSource;
  readonly group: string;
  /** To begin with; may be none. `subscribe` replaces them. */
  readonly topics: readonly string[];
  /**
   * Makes this a static member: it keeps its partitions over a restart that ends within the session timeout, and none of
   * the others moves. The same for each life of one process, another one for each process. Default: none.
   */
  readonly instanceId?: string;
  /** Shown to people; default: nothing. */
  readonly client?: Readonly<Record<string, string | number>>;
  /** Where a group that this member creates starts; default: earliest. */
  readonly start?: GroupStart;
  /**
   * Silence after which the group takes the member for dead, ms; default 10,000. For a static member longer than a
   * restart takes.
   */
  readonly sessionTimeoutMs?: number;
  /** Between two heartbeats, ms; default: a quarter of the session timeout. */
  readonly heartbeatMs?: number;
  /** The same while partitions are on their way to or from this member, ms; default 200 (never above heartbeatMs). */
  readonly rebalanceHeartbeatMs?: number;
  /** How long records that were handed out may hold up a handover, ms; default 20,000. */
  readonly drainMs?: number;
  /** Records kept in memory ahead of the application, bytes; one record may exceed it. Default 8 MiB. */
  readonly bufferMaxBytes?: number;
  /** One read of one partition at most, bytes; default 1 MiB. */
  readonly fetchMaxBytes?: number;
  /** Must be monotonic; default: the process's monotonic clock. */
  readonly clock?: Clock;
  readonly sleep?: Sleep;
  /** In [0, 1); spreads retries. Default Math.random. */
  readonly random?: () => number;
  /** A new UUID for each life; default crypto.randomUUID. */
  readonly newMemberId?: () => string;
}

export type MemberSettings = Required<Omit<GroupMemberOptions, keyof GroupMemberEvents | 'instanceId'>> &
  Pick<GroupMemberOptions, 'instanceId'>;

/** Fills in the defaults. Throws GROUP_INVALID for settings that cannot work together. */
export function memberSettings(options: GroupMemberOptions): MemberSettings {
  const sessionTimeoutMs = options.sessionTimeoutMs ?? 10_000;
  const heartbeatMs = options.heartbeatMs ?? Math.floor(sessionTimeoutMs / 4);
  const settings = {
    coordinator: options.coordinator,
    source: options.source,
    group: options.group,
    topics: options.topics,
    instanceId: options.instanceId,
    client: options.client ?? {},
    start: options.start ?? ({ from: 'earliest' } as const),
    sessionTimeoutMs,
    heartbeatMs,
    rebalanceHeartbeatMs: Math.min(options.rebalanceHeartbeatMs ?? 200, heartbeatMs),
    drainMs: options.drainMs ?? 20_000,
    bufferMaxBytes: options.bufferMaxBytes ?? 8 * 1024 * 1024,
    fetchMaxBytes: options.fetchMaxBytes ?? 1024 * 1024,
    clock: options.clock ?? { now: () => performance.now() },
    sleep: options.sleep ?? systemSleep,
    random: options.random ?? Math.random,
    newMemberId: options.newMemberId ?? (() => crypto.randomUUID()),
  };
  if (heartbeatMs < 1 || heartbeatMs * 2 > sessionTimeoutMs) {
    throw new TidemarkError(
      'GROUP_INVALID',
      `group ${options.group}: a heartbeat every ${heartbeatMs} ms leaves no room for a lost one in a session of ${sessionTimeoutMs} ms`,
      { remedy: 'Set heartbeatMs to at most half of sessionTimeoutMs.' },
    );
  }
  if (settings.bufferMaxBytes < 1 || settings.fetchMaxBytes < 1 || settings.drainMs < 0) {
    throw new TidemarkError(
      'GROUP_INVALID',
      `group ${options.group}: bufferMaxBytes and fetchMaxBytes must be positive, drainMs not negative`,
    );
  }
  return settings;
}
