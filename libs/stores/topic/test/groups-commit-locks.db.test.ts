import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { PostgresGroupAdmin } from '../src/groups/postgres/postgres-group-admin.ts';
import { PostgresGroupCoordinator } from '../src/groups/postgres/postgres-group-coordinator.ts';
import { commitOf, emit, joinRequest, partitionsOf, silence } from './groups-fixture.ts';
import { startLog, type TestLog } from './test-log.ts';

// A partition changes hands before or after the transaction of a commit, never within it.
let log: TestLog;
let groups: PostgresGroupCoordinator;
let group: string;

beforeAll(async () => {
  log = await startLog();
  groups = new PostgresGroupCoordinator(log.db);
  await log.db.query(`select outbox.create_topic('orders', 2)`);
  await emit(log.db, 'orders', 0, 10);
  await log.caughtUp();
});

afterAll(() => log.stop());

beforeEach(() => {
  group = `g-${randomUUID()}`;
});

async function waitersFor(pid: number): Promise<void> {
  await eventually(async () => {
    const waiting = await log.db.query('select 1 from pg_stat_activity where $1 = any(pg_blocking_pids(pid))', [pid]);
    expect(waiting.rowCount).toBe(1);
  });
}

describe('an open transaction that has committed an offset', () => {
  test.each(['read committed', 'repeatable read', 'serializable'])(
    'keeps its partition from a takeover, and holds up nobody (%s)',
    async (isolation) => {
      const [first, second] = [joinRequest(group, ['orders']), joinRequest(group, ['orders'])];
      const owned = await groups.join(first);
      await groups.join(second);
      await log.db.transaction(async (tx) => {
        await groups.commit({ ...first, offsets: [commitOf(owned, 0, 4n)] }, tx);
        await silence(log.db, first.memberId);
        // Partition 1 is free to go; partition 0 stays, though its owner is dead.
        expect(partitionsOf(await groups.heartbeat({ ...second, released: [] }))).toEqual(['orders/1']);
        expect(partitionsOf(await groups.heartbeat({ ...second, released: [] }))).toEqual(['orders/1']);
      }, isolation);
      const view = await groups.heartbeat({ ...second, released: [] });
      expect(view.owned.map((partition) => partition.nextOffset)).toEqual([4n, 0n]);
    },
  );

  test('keeps its partition even from a release by its own member', async () => {
    const member = joinRequest(group, ['orders']);
    const owned = await groups.join(member);
    await log.db.transaction(async (tx) => {
      await groups.commit({ ...member, offsets: [commitOf(owned, 0, 4n)] }, tx);
      const view = await groups.heartbeat({ ...member, released: owned.owned });
      expect(view.owned.map((partition) => partition.assignmentEpoch)).toEqual([1n, 2n]);
    });
  });

  test('keeps the group from a reset', async () => {
    const member = joinRequest(group, ['orders']);
    const owned = await groups.join(member);
    const admin = new PostgresGroupAdmin(log.db);
    const reset = (): Promise<unknown> => admin.reset(group, [{ topic: 'orders', to: 'earliest' }], { by: 'test' });
    await log.db.transaction(async (tx) => {
      await groups.commit({ ...member, offsets: [commitOf(owned, 0, 4n)] }, tx);
      await silence(log.db, member.memberId);
      await expect(reset()).rejects.toMatchObject({ code: 'GROUP_ACTIVE' });
    });
    expect(await reset()).toMatchObject([
      { from: 4n, to: 0n },
      { from: 0n, to: 0n },
    ]);
    await expect(groups.commit({ ...member, offsets: [commitOf(owned, 0, 9n)] })).rejects.toMatchObject({
      code: 'GROUP_FENCED',
    });
  });
});

describe('a takeover that has not committed yet', () => {
  test.each([
    ['read committed', { code: 'GROUP_FENCED' }],
    ['repeatable read', { code: 'DATABASE_BUSY' }],
  ])('makes a commit wait, and then refuses it (%s)', async (isolation, refusal) => {
    const member = joinRequest(group, ['orders']);
    const owned = await groups.join(member);
    const takeover = await log.db.connect();
    try {
      await takeover.query('begin');
      const pid = (await takeover.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
      // What a heartbeat does: lock as freePartitions, then update.
      await takeover.query(`select 1 from log.group_partition where owner = $1 for update skip locked`, [
        member.memberId,
      ]);
      await takeover.query('update log.group_partition set owner = null where owner = $1', [member.memberId]);
      const work = log.db.transaction(async (tx) => {
        await tx.query('select 1');
        await groups.commit({ ...member, offsets: [commitOf(owned, 0, 4n)] }, tx);
      }, isolation);
      const refused = expect(work).rejects.toMatchObject(refusal);
      await waitersFor(pid);
      await takeover.query('commit');
      await refused;
    } finally {
      takeover.release();
    }
  });
});

describe('a heartbeat', () => {
  test('of a member that waits for the group does not let it look dead to the one that holds the group', async () => {
    const [first, second] = [
      joinRequest(group, ['orders'], { sessionTimeoutMs: 1_000 }),
      joinRequest(group, ['orders']),
    ];
    await groups.join(first);
    await groups.join(second);
    const holder = await log.db.connect();
    try {
      await holder.query('begin');
      await holder.query('select 1 from log.consumer_group where name = $1 for update', [group]);
      const pid = (await holder.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
      const seen = await log.db.query<{ last_seen: string }>(
        'select last_seen::text from log.group_member where member_id = $1',
        [first.memberId],
      );
      const beat = groups.heartbeat({ ...first, released: [] });
      await waitersFor(pid);
      const touched = await log.db.query('select 1 from log.group_member where member_id = $1 and last_seen > $2', [
        first.memberId,
        seen.rows[0]!.last_seen,
      ]);
      expect(touched.rowCount).toBe(1);
      await holder.query('rollback');
      await beat;
    } finally {
      holder.release();
    }
  });
});
