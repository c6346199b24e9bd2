import { TidemarkError } from '#libs/foundation/kernel';
import type { Database, Queryable } from '#libs/foundation/postgres';
import { checkGroupName, checkStart } from '../check-request.ts';
import type { GroupDescription, GroupSummary } from '../group-status.ts';
import type { GroupStart } from '../group.ts';
import { type OffsetReset, planReset, type ResetRequest } from '../plan-reset.ts';
import { boundWaits } from './bound-waits.sql.ts';
import { checkStartOffsets } from './check-start-offsets.ts';
import { countMembers } from './count-members.sql.ts';
import { deleteGroup } from './delete-group.sql.ts';
import { describeMembers } from './describe-members.sql.ts';
import { describePartitions } from './describe-partitions.sql.ts';
import { ensureGroup } from './ensure-group.sql.ts';
import { forgetTopic } from './forget-topic.sql.ts';
import { freePartitions } from './free-partitions.sql.ts';
import { listGroups } from './list-groups.sql.ts';
import { type LockedGroup, lockGroup } from './lock-group.sql.ts';
import { readPartitions } from './read-partitions.sql.ts';
import { readResettable } from './read-resettable.ts';
import { rebalance } from './rebalance.ts';
import { setRequired } from './set-required.sql.ts';
import { writeOffsets } from './write-offsets.sql.ts';

/**
 * What people do with groups. All throw GROUP_UNKNOWN for a group that does not exist, unless they say otherwise. Changes
 * take a `tx` to be part of a caller's transaction, which must end soon: it holds the group's row. Without one they commit by themselves.
 */
export class PostgresGroupAdmin {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Groups in order of name, after `after`, at most `limit` (default 100, at most 1000). */
  async list(page: { readonly after?: string; readonly limit?: number } = {}): Promise<GroupSummary[]> {
    return listGroups(this.#db, { after: page.after, limit: Math.min(Math.max(page.limit ?? 100, 1), 1_000) });
  }

  async describe(name: string): Promise<GroupDescription> {
    const [summary] = await listGroups(this.#db, { only: name, limit: 1 });
    if (summary === undefined) throw unknown(name);
    const [members, partitionStatus] = await Promise.all([
      describeMembers(this.#db, name),
      describePartitions(this.#db, name),
    ]);
    return { ...summary, members, partitionStatus };
  }

  /** Creates a group before its first member joins. Throws GROUP_INVALID when it exists, or its name or start is not valid. */
  async create(
    name: string,
    options: { readonly start: GroupStart; readonly required: boolean },
    tx: Queryable = this.#db,
  ): Promise<void> {
    checkGroupName(name);
    checkStart(name, options.start);
    await checkStartOffsets(tx, name, options.start);
    if (!(await ensureGroup(tx, name, options.start, options.required))) {
      throw new TidemarkError('GROUP_INVALID', `group ${name} exists already`, { remedy: 'Use it, or another name.' });
    }
  }

  /** A required group holds back retention: what it has not committed is not dropped. */
  async setRequired(name: string, required: boolean, tx: Queryable = this.#db): Promise<void> {
    if (!(await setRequired(tx, name, required))) throw unknown(name);
  }

  /**
   * Moves offsets, all or none, and answers from where to where; with `dryRun` nothing changes. `by` is kept beside the
   * offsets. Throws GROUP_ACTIVE while members are alive or a transaction of one is open, TOPIC_UNKNOWN,
   * PARTITION_INVALID, OFFSET_OUT_OF_RANGE, GROUP_INVALID.
   */
  async reset(
    name: string,
    requests: readonly ResetRequest[],
    options: { readonly by: string; readonly dryRun?: boolean },
    tx?: Queryable,
  ): Promise<OffsetReset[]> {
    return this.#whileEmpty(name, tx, async (tx, group) => {
      const resets = planReset(name, await readResettable(tx, group, requests));
      if (options.dryRun !== true && resets.length > 0) await writeOffsets(tx, group.id, resets, options.by);
      return resets;
    });
  }

  /** Deletes a group and its offsets. Throws GROUP_ACTIVE. */
  async delete(name: string, tx?: Queryable): Promise<void> {
    await this.#whileEmpty(name, tx, (tx, group) => deleteGroup(tx, group.id));
  }

  /** Deletes the offsets of a topic that the group does not read any more, and answers how many. Throws GROUP_ACTIVE. */
  async forgetTopic(name: string, topic: string, tx?: Queryable): Promise<number> {
    return this.#whileEmpty(name, tx, (tx, group) => forgetTopic(tx, group.id, topic));
  }

  async #whileEmpty<T>(
    name: string,
    outer: Queryable | undefined,
    work: (tx: Queryable, group: LockedGroup) => Promise<T>,
  ): Promise<T> {
    if (outer === undefined) return this.#db.transaction((tx) => this.#whileEmpty(name, tx, work));
    await boundWaits(outer);
    const group = await lockGroup(outer, name);
    if (group === undefined) throw unknown(name);
    // Removes the dead. Their partitions must be free before offsets change: a member that comes back is then fenced.
    await rebalance(outer, group, null, false);
    const members = await countMembers(outer, group.id);
    if (members > 0) throw active(name, `it has ${members} live member${members === 1 ? '' : 's'}`);
    const owned = (await readPartitions(outer, group.id)).filter((partition) => partition.owner !== null);
    if ((await freePartitions(outer, group.id, owned)) < owned.length)
      throw active(name, 'a transaction that commits its offsets is open');
    return work(outer, group);
  }
}

function unknown(name: string): TidemarkError {
  return new TidemarkError('GROUP_UNKNOWN', `group ${name} does not exist`, { context: { group: name } });
}

function active(name: string, why: string): TidemarkError {
  return new TidemarkError('GROUP_ACTIVE', `group ${name} cannot be changed now: ${why}`, { context: { group: name } });
}
