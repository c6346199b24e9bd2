import { TidemarkError } from '#libs/foundation/kernel';
import type { Database, Queryable } from '#libs/foundation/postgres';
import { checkCommit, checkHeartbeat, checkJoin } from '../check-request.ts';
import type { GroupView } from '../group.ts';
import type { CommitRequest, GroupCoordinator, HeartbeatRequest, JoinRequest, LeaveRequest } from '../ports.ts';
import { boundWaits } from './bound-waits.sql.ts';
import { checkStartOffsets } from './check-start-offsets.ts';
import { claimPartitions } from './claim-partitions.sql.ts';
import { commitOffsets } from './commit-offsets.sql.ts';
import { ensureGroup } from './ensure-group.sql.ts';
import { hasInstance } from './has-instance.sql.ts';
import { type LockedGroup, lockGroup } from './lock-group.sql.ts';
import { putMember } from './put-member.sql.ts';
import { readAssignment } from './read-assignment.sql.ts';
import { type Caller, rebalance } from './rebalance.ts';
import { removeMember } from './remove-member.sql.ts';
import { succeedMember } from './succeed-member.sql.ts';
import { touchMember } from './touch-member.sql.ts';

/**
 * Groups kept in Postgres, without a process of their own: every heartbeat, of any member, brings the group up to date
 * in a short transaction. Holds nothing between calls, so any number of processes may serve the same groups.
 */
export class PostgresGroupCoordinator implements GroupCoordinator {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async join(request: JoinRequest): Promise<GroupView> {
    checkJoin(request);
    const view = await this.#db.transaction(async (tx) => {
      await boundWaits(tx);
      // Refused before the group exists for anybody: its start stays what it is.
      if (await ensureGroup(tx, request.group, request.start, false))
        await checkStartOffsets(tx, request.group, request.start);
      const group = await lockGroup(tx, request.group);
      if (group === undefined) return undefined;
      const { instanceId, memberId } = request;
      const succeeds = instanceId !== undefined && (await succeedMember(tx, group.id, instanceId, memberId));
      const added = await putMember(tx, group.id, request);
      return viewOf(tx, group, { ...request, released: [] }, added || succeeds);
    });
    return view ?? this.#refuse(request);
  }

  async heartbeat(request: HeartbeatRequest): Promise<GroupView> {
    checkHeartbeat(request);
    if (!(await touchMember(this.#db, request.group, request.memberId))) return this.#refuse(request);
    const view = await this.#db.transaction(async (tx) => {
      await boundWaits(tx);
      const group = await lockGroup(tx, request.group);
      return group === undefined ? undefined : viewOf(tx, group, request, false);
    });
    return view ?? this.#refuse(request);
  }

  async leave(request: LeaveRequest): Promise<void> {
    if (request.instanceId !== undefined) return;
    await this.#db.transaction(async (tx) => {
      await boundWaits(tx);
      const group = await lockGroup(tx, request.group);
      if (group === undefined || !(await removeMember(tx, group.id, request.memberId))) return;
      await rebalance(tx, group, null, true);
    });
  }

  async commit(request: CommitRequest, tx?: Queryable): Promise<void> {
    checkCommit(request);
    if (request.offsets.length > 0) await commitOffsets(tx ?? this.#db, request);
  }

  /** Says why the caller is not a member (any more). */
  async #refuse({ group, memberId, instanceId }: LeaveRequest): Promise<never> {
    const context = { group, memberId };
    if (instanceId !== undefined && (await hasInstance(this.#db, group, instanceId))) {
      throw new TidemarkError(
        'GROUP_INSTANCE_TAKEN',
        `group ${group}: another member has joined as instance ${instanceId}, which was ${memberId}`,
        { context: { ...context, instanceId } },
      );
    }
    throw new TidemarkError('GROUP_FENCED', `group ${group}: ${memberId} is not a member any more`, {
      context,
      remedy:
        'Join again under a new member id. If this repeats, look for pauses that are longer than the session timeout.',
    });
  }
}

/** Undefined when the caller turns out not to be a member: the removal of others is kept all the same. */
async function viewOf(
  tx: Queryable,
  group: LockedGroup,
  caller: Caller,
  membershipChanged: boolean,
): Promise<GroupView | undefined> {
  const result = await rebalance(tx, group, caller, membershipChanged);
  if (!result.callerIsMember) return undefined;
  await claimPartitions(tx, group.id, caller.memberId);
  const assignment = await readAssignment(tx, group.id, caller.memberId);
  return {
    epoch: result.epoch,
    ...assignment,
    unknownTopics: caller.topics.filter((topic) => !result.topicsKnown.has(topic)),
  };
}
