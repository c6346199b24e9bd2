import { TidemarkError } from '#libs/foundation/kernel';
import { ManualTime, turns } from '../../../foundation/lifecycle/test/manual-time.ts';
import { GroupMember } from '../src/groups/group-member.ts';
import type { GroupMemberOptions } from '../src/groups/group-member-options.ts';
import type { OwnedPartition } from '../src/groups/group.ts';
import type { PolledPartition } from '../src/groups/owned-partitions.ts';
import { MemorySource, ScriptedCoordinator } from './groups-memory.ts';

export const SESSION_MS = 10_000;
export const DRAIN_MS = 3_000;
/** Limits of a poll that takes what there is. */
export const ALL = { maxRecords: 10, maxBytes: 1_000_000, waitMs: 0 };

export function owned(partition: number, assignmentEpoch = 1n, nextOffset = 0n): OwnedPartition {
  return { topic: 't', partition, assignmentEpoch, nextOffset };
}

/** First and last offset by partition. */
export function offsetsOf(polled: readonly PolledPartition[]): Record<number, string> {
  return Object.fromEntries(
    polled.map(({ partition, records }) => [partition, `${records[0]!.offset}-${records.at(-1)!.offset}`]),
  );
}

/** A member of a group that a test scripts, with a clock that a test moves; notes what the member tells. */
export class MemberStage {
  readonly time = new ManualTime();
  readonly coordinator = new ScriptedCoordinator();
  readonly events: string[] = [];
  source = new MemorySource();
  #member: GroupMember | undefined;
  #ids = 0;

  make(more: Partial<GroupMemberOptions> = {}): GroupMember {
    const note =
      (what: string) =>
      (partitions: readonly { readonly partition: number }[], how = what): number =>
        this.events.push(`${how} ${partitions.map((partition) => partition.partition).join()}`);
    this.#member = new GroupMember({
      coordinator: this.coordinator,
      source: this.source,
      group: 'g',
      topics: ['t'],
      sessionTimeoutMs: SESSION_MS,
      heartbeatMs: 1_000,
      drainMs: DRAIN_MS,
      clock: this.time,
      sleep: this.time.sleep,
      random: () => 0.5,
      newMemberId: () => `member-${(this.#ids += 1)}`,
      onAssigned: (partitions) => note('assigned')(partitions),
      onRevoking: (partitions) => note('revoking')(partitions),
      onRevoked: note('revoked'),
      onSkipped: (partition, from, to) => this.events.push(`skipped ${partition.partition} from ${from} to ${to}`),
      onError: (error) => this.events.push(`error ${(error as TidemarkError).code}`),
      ...more,
    });
    return this.#member;
  }

  async started(more: Partial<GroupMemberOptions> = {}): Promise<GroupMember> {
    const member = this.make(more);
    await member.start();
    await turns();
    return member;
  }

  /** One heartbeat later. */
  async beat(): Promise<void> {
    await this.time.advance(1_000);
  }

  async close(): Promise<void> {
    this.coordinator.failure = undefined;
    await this.#member?.stop({ deadlineMs: 1_000 });
  }
}
