import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PostgresGroupAdmin } from '../src/groups/postgres/postgres-group-admin.ts';
import { PostgresGroupCoordinator } from '../src/groups/postgres/postgres-group-coordinator.ts';
import type { GroupView, StartOffset } from '../src/groups/group.ts';
import type { JoinRequest } from '../src/groups/ports.ts';
import { commitOf, emit, joinRequest, partitionsOf, silence, storedOffsets } from './groups-fixture.ts';
import { startLog, type TestLog } from './test-log.ts';

let log: TestLog;
let groups: PostgresGroupCoordinator;
let admin: PostgresGroupAdmin;
let group: string;

beforeAll(async () => {
  log = await startLog();
  groups = new PostgresGroupCoordinator(log.db);
  admin = new PostgresGroupAdmin(log.db);
  await log.db.query(`select outbox.create_topic('orders', 4), outbox.create_topic('payments', 2)`);
  for (let partition = 0; partition < 4; partition += 1) await emit(log.db, 'orders', partition, 10);
  await log.caughtUp();
});

afterAll(() => log.stop());

beforeEach(() => {
  group = `g-${randomUUID()}`;
});

describe('membership', () => {
  test('the first member owns all partitions, from the beginning', async () => {
    const view = await groups.join(joinRequest(group, ['orders']));
    expect(partitionsOf(view)).toEqual(['orders/0', 'orders/1', 'orders/2', 'orders/3']);
    expect(view.owned.map((owned) => owned.nextOffset)).toEqual([0n, 0n, 0n, 0n]);
    expect(view).toMatchObject({ revoke: [], waiting: [], unknownTopics: [], epoch: 1n });
  });

  test('a second member gets its share only after the first has released it', async () => {
    const first = joinRequest(group, ['orders']);
    const second = joinRequest(group, ['orders']);
    const before = await groups.join(first);
    const waiting = await groups.join(second);
    expect(partitionsOf(waiting)).toEqual([]);
    expect(waiting.waiting).toHaveLength(2);

    const asked = await groups.heartbeat({ ...first, released: [] });
    expect(asked.owned).toHaveLength(4);
    expect(asked.revoke).toEqual(waiting.waiting);
    await groups.commit({ ...first, offsets: [commitOf(before, asked.revoke[0]!.partition, 7n)] });
    expect(partitionsOf(await groups.heartbeat({ ...second, released: [] }))).toEqual([]);

    const released = asked.owned.filter((owned) => asked.revoke.some((revoke) => revoke.partition === owned.partition));
    expect((await groups.heartbeat({ ...first, released })).owned).toHaveLength(2);
    const view = await groups.heartbeat({ ...second, released: [] });
    expect(view.owned.map((owned) => owned.nextOffset.toString()).sort()).toEqual(['0', '7']);
    expect((await admin.describe(group)).state).toBe('stable');
  });

  test('a member that leaves frees its partitions at once; leaving twice does nothing', async () => {
    const [first, second] = [joinRequest(group, ['orders']), joinRequest(group, ['orders'])];
    await groups.join(first);
    await groups.join(second);
    await groups.leave(first);
    await groups.leave(first);
    expect((await groups.heartbeat({ ...second, released: [] })).owned).toHaveLength(4);
    await expect(groups.heartbeat({ ...first, released: [] })).rejects.toMatchObject({ code: 'GROUP_FENCED' });
  });

  test('a silent member is removed by the heartbeat of another, which takes over at the committed offsets', async () => {
    const [first, second] = [joinRequest(group, ['orders']), joinRequest(group, ['orders'])];
    const owned = await groups.join(first);
    await groups.commit({ ...first, offsets: [commitOf(owned, 2, 5n)] });
    await groups.join(second);
    await silence(log.db, first.memberId);
    const view = await groups.heartbeat({ ...second, released: [] });
    expect(view.owned.map((partition) => partition.nextOffset)).toEqual([0n, 0n, 5n, 0n]);
    await expect(groups.heartbeat({ ...first, released: [] })).rejects.toMatchObject({ code: 'GROUP_FENCED' });
    await expect(groups.commit({ ...first, offsets: [commitOf(owned, 1, 3n)] })).rejects.toMatchObject({
      code: 'GROUP_FENCED',
    });
  });

  test('a member that does not release in time is removed, though it is alive', async () => {
    const first = joinRequest(group, ['orders']);
    const second = joinRequest(group, ['orders']);
    await groups.join(first);
    await groups.join(second);
    await log.db.query(
      `update log.group_partition set revoking_since = revoking_since - interval '1 day'
       where group_id = (select id from log.consumer_group where name = $1)`,
      [group],
    );
    expect((await groups.heartbeat({ ...second, released: [] })).owned).toHaveLength(4);
  });

  test('partitions that a topic gets later are picked up, and read from their beginning', async () => {
    const topic = `grows-${randomUUID()}`;
    await log.db.query('select outbox.create_topic($1, 1)', [topic]);
    await emit(log.db, topic, 0, 3);
    await log.caughtUp();
    const member = joinRequest(group, [topic], { start: { from: 'latest' } });
    const before = await groups.join(member);
    expect(before.owned.map((owned) => owned.nextOffset)).toEqual([3n]);
    await log.db.query('select outbox.alter_topic($1, 3)', [topic]);
    await emit(log.db, topic, 1, 2);
    await log.caughtUp();
    const after = await groups.heartbeat({ ...member, released: [] });
    expect(after.owned.map((owned) => [owned.partition, owned.nextOffset])).toEqual([
      [0, 3n],
      [1, 0n],
      [2, 0n],
    ]);
    expect(after.epoch).toBe(before.epoch + 1n);
  });

  test('a topic that does not exist yet is named, and taken up when it does', async () => {
    const topic = `later-${randomUUID()}`;
    const member = joinRequest(group, ['orders', topic]);
    expect((await groups.join(member)).unknownTopics).toEqual([topic]);
    await log.db.query('select outbox.create_topic($1, 1)', [topic]);
    const view = await groups.heartbeat({ ...member, released: [] });
    expect(view.unknownTopics).toEqual([]);
    expect(partitionsOf(view)).toContain(`${topic}/0`);
  });

  test('a member may have no topic yet, and come to one with a heartbeat', async () => {
    const member = joinRequest(group, []);
    expect(await groups.join(member)).toMatchObject({ owned: [], waiting: [], unknownTopics: [] });
    const view = await groups.heartbeat({ ...member, topics: ['payments'], released: [] });
    expect(partitionsOf(view)).toEqual(['payments/0', 'payments/1']);
  });

  test('a member that drops a topic is asked to release it', async () => {
    const member = joinRequest(group, ['orders', 'payments']);
    await groups.join(member);
    const view = await groups.heartbeat({ ...member, topics: ['payments'], released: [] });
    expect(view.revoke.map((partition) => partition.topic)).toEqual(['orders', 'orders', 'orders', 'orders']);
    const released = view.owned.filter((owned) => owned.topic === 'orders');
    expect(partitionsOf(await groups.heartbeat({ ...member, topics: ['payments'], released }))).toEqual([
      'payments/0',
      'payments/1',
    ]);
  });

  test('a join whose answer was lost may be repeated', async () => {
    const member = joinRequest(group, ['orders']);
    const first = await groups.join(member);
    expect(await groups.join(member)).toEqual(first);
  });

  test('a release of an ownership that has ended changes nothing', async () => {
    const member = joinRequest(group, ['orders']);
    const before = await groups.join(member);
    const again = await groups.heartbeat({ ...member, released: before.owned });
    expect(again.owned[0]!.assignmentEpoch).toBe(before.owned[0]!.assignmentEpoch + 1n);
    expect((await groups.heartbeat({ ...member, released: before.owned })).owned).toEqual(again.owned);
  });

  test('many heartbeats at once neither deadlock nor double an owner', async () => {
    const members = Array.from({ length: 8 }, () => joinRequest(group, ['orders', 'payments']));
    await Promise.all(members.map((member) => groups.join(member)));
    let views = await Promise.all(members.map((member) => groups.heartbeat({ ...member, released: [] })));
    for (let round = 0; round < 4; round += 1) {
      views = await Promise.all(
        members.map((member, index) => {
          const revoke = new Set(views[index]!.revoke.map((partition) => `${partition.topic}/${partition.partition}`));
          const released = views[index]!.owned.filter((owned) => revoke.has(`${owned.topic}/${owned.partition}`));
          return groups.heartbeat({ ...member, released });
        }),
      );
    }
    expect(views.flatMap(partitionsOf).sort()).toEqual([
      'orders/0',
      'orders/1',
      'orders/2',
      'orders/3',
      'payments/0',
      'payments/1',
    ]);
  });

  test.each([
    ['a bad group name', { group: 'bad name' }],
    ['a member id that is not a UUID', { memberId: 'x' }],
    ['a bad instance id', { instanceId: 'pod 1' }],
    ['too many topics', { topics: Array.from({ length: 1_001 }, (_, index) => `t${index}`) }],
    ['a topic twice', { topics: ['orders', 'orders'] }],
    ['a session timeout that is too short', { sessionTimeoutMs: 1 }],
    ['a start time that is none', { start: { from: 'time' as const, time: new Date(Number.NaN) } }],
    ['client facts that are too long', { client: { host: 'x'.repeat(5_000) } }],
  ])('refuses %s and creates no group', async (_, wrong) => {
    const before = await log.db.query('select count(*) from log.consumer_group');
    await expect(groups.join(joinRequest(group, ['orders'], wrong))).rejects.toMatchObject({ code: 'GROUP_INVALID' });
    expect((await log.db.query('select count(*) from log.consumer_group')).rows).toEqual(before.rows);
  });
});

describe('static membership', () => {
  function stat(instanceId: string): JoinRequest {
    return joinRequest(group, ['orders'], { instanceId });
  }

  /** Two members with two partitions each. */
  async function two(first: JoinRequest, second: JoinRequest): Promise<[GroupView, GroupView]> {
    await groups.join(first);
    await groups.join(second);
    const asked = await groups.heartbeat({ ...first, released: [] });
    const released = asked.owned.filter((owned) => asked.revoke.some((revoke) => revoke.partition === owned.partition));
    return [await groups.heartbeat({ ...first, released }), await groups.heartbeat({ ...second, released: [] })];
  }

  test('a successor takes over at once, whether its predecessor has stopped or lives; nothing else moves', async () => {
    const [first, other] = [stat('a'), joinRequest(group, ['orders'])];
    const [before, others] = await two(first, other);
    await groups.commit({ ...first, offsets: [commitOf(before, before.owned[0]!.partition, 6n)] });
    await groups.leave(first);
    expect((await groups.heartbeat({ ...other, released: [] })).owned).toEqual(others.owned);

    const second = stat('a');
    const after = await groups.join(second);
    expect(partitionsOf(after)).toEqual(partitionsOf(before));
    expect(after.owned.map((owned) => owned.nextOffset)).toEqual([6n, 0n]);
    expect(after).toMatchObject({ revoke: [], waiting: [] });
    expect(await groups.heartbeat({ ...other, released: [] })).toMatchObject({ owned: others.owned, revoke: [] });
    expect((await admin.describe(group)).members.map((member) => member.instanceId)).toEqual([null, 'a']);

    const third = stat('a');
    expect(partitionsOf(await groups.join(third))).toEqual(partitionsOf(before));
    const stale = [commitOf(after, after.owned[0]!.partition, 7n)];
    await expect(groups.commit({ ...second, offsets: stale })).rejects.toMatchObject({ code: 'GROUP_FENCED' });
    await expect(groups.heartbeat({ ...second, released: [] })).rejects.toMatchObject({ code: 'GROUP_INSTANCE_TAKEN' });
    expect(partitionsOf(await groups.heartbeat({ ...third, released: [] }))).toEqual(partitionsOf(before));
  });

  test('the successor waits for a transaction of its predecessor that commits an offset, and goes on behind it', async () => {
    const [first, second] = [stat('a'), stat('a')];
    const before = await groups.join(first);
    await log.db.transaction(async (tx) => {
      await groups.commit({ ...first, offsets: [commitOf(before, 1, 4n)] }, tx);
      const during = await groups.join(second);
      expect(partitionsOf(during)).toEqual(['orders/0', 'orders/2', 'orders/3']);
      expect(during.waiting).toEqual([{ topic: 'orders', partition: 1 }]);
    });
    const after = await groups.heartbeat({ ...second, released: [] });
    expect(after.owned.map((owned) => owned.nextOffset)).toEqual([0n, 4n, 0n, 0n]);
  });

  test('one that stays away for longer than its session timeout loses its place to the others', async () => {
    const [first, other] = [stat('a'), joinRequest(group, ['orders'])];
    await two(first, other);
    await groups.leave(first);
    await silence(log.db, first.memberId);
    expect((await groups.heartbeat({ ...other, released: [] })).owned).toHaveLength(4);
    await expect(groups.heartbeat({ ...first, released: [] })).rejects.toMatchObject({ code: 'GROUP_FENCED' });
  });
});

describe('start', () => {
  test('the start of the group is kept, whatever later members ask for', async () => {
    const first = joinRequest(group, ['orders'], { start: { from: 'latest' } });
    expect((await groups.join(first)).owned.map((owned) => owned.nextOffset)).toEqual([10n, 10n, 10n, 10n]);
    await groups.leave(first);
    const second = joinRequest(group, ['orders', 'payments']);
    expect((await groups.join(second)).owned.map((owned) => owned.nextOffset)).toEqual([10n, 10n, 10n, 10n, 0n, 0n]);
  });

  test('a group can start at a time', async () => {
    const topic = `timed-${randomUUID()}`;
    await log.db.query('select outbox.create_topic($1, 2)', [topic]);
    await emit(log.db, topic, 0, 3);
    const between = await log.db.query<{ at: Date }>(
      `select date_trunc('milliseconds', clock_timestamp()) + interval '1 millisecond' as at`,
    );
    await log.db.query(`select pg_sleep_until($1)`, [between.rows[0]!.at]);
    await emit(log.db, topic, 0, 2);
    await log.caughtUp();
    const view = await groups.join(joinRequest(group, [topic], { start: { from: 'time', time: between.rows[0]!.at } }));
    expect(view.owned.map((owned) => owned.nextOffset)).toEqual([3n, 0n]);
  });
});

describe('a start at given offsets', () => {
  const at = (topic: string, partition: number, offset: bigint): StartOffset => ({ topic, partition, offset });

  test('holds in the partitions named; the others are read from their beginning', async () => {
    const later = `later-${randomUUID()}`;
    const offsets = [at('orders', 1, 4n), at('orders', 3, 10n), at(later, 0, 2n ** 60n)];
    const member = joinRequest(group, ['orders', later], { start: { from: 'offset', offsets } });
    expect((await groups.join(member)).owned.map((owned) => owned.nextOffset)).toEqual([0n, 4n, 0n, 10n]);
    // What could not be looked at is moved to what can be read, and keeps nobody from the rest.
    await log.db.query('select outbox.create_topic($1, 2)', [later]);
    const view = await groups.heartbeat({ ...member, released: [] });
    expect(view.owned.filter((owned) => owned.topic === later).map((owned) => owned.nextOffset)).toEqual([0n, 0n]);
  });

  test.each([
    ['beyond the end', [at('orders', 0, 11n)]],
    ['below zero', [at('orders', 0, -1n)]],
    ['of a partition that does not exist', [at('orders', 4, 0n)]],
    ['given twice', [at('orders', 0, 1n), at('orders', 0, 2n)]],
  ])('is refused for an offset %s, and no group is created', async (_, offsets) => {
    const start = { from: 'offset' as const, offsets };
    await expect(groups.join(joinRequest(group, ['orders'], { start }))).rejects.toMatchObject({
      code: 'GROUP_INVALID',
    });
    await expect(admin.create(group, { start, required: false })).rejects.toMatchObject({ code: 'GROUP_INVALID' });
    await expect(admin.describe(group)).rejects.toMatchObject({ code: 'GROUP_UNKNOWN' });
  });
});

describe('commit', () => {
  test('is refused as a whole when one partition is not owned under the given epoch', async () => {
    const member = joinRequest(group, ['orders']);
    const view = await groups.join(member);
    const before = await storedOffsets(log.db, group);
    const stale = { ...commitOf(view, 1, 4n), assignmentEpoch: 99n };
    await expect(groups.commit({ ...member, offsets: [commitOf(view, 0, 4n), stale] })).rejects.toMatchObject({
      code: 'GROUP_FENCED',
    });
    expect(await storedOffsets(log.db, group)).toEqual(before);
  });

  test.each([
    ['before the committed one', 2n, {}],
    ['beyond the end', 11n, {}],
  ])('refuses an offset %s', async (_, offset) => {
    const member = joinRequest(group, ['orders']);
    const view = await groups.join(member);
    await groups.commit({ ...member, offsets: [{ ...commitOf(view, 0, 3n), metadata: 'note' }] });
    const before = await storedOffsets(log.db, group);
    const offsets = [commitOf(view, 1, 4n), commitOf(view, 0, offset)];
    await expect(groups.commit({ ...member, offsets })).rejects.toMatchObject({ code: 'GROUP_INVALID' });
    expect(await storedOffsets(log.db, group)).toEqual(before);
    await groups.commit({ ...member, offsets: [commitOf(view, 0, 3n)] });
  });

  test('refuses a partition given twice, long metadata, and an unknown group', async () => {
    const member = joinRequest(group, ['orders']);
    const view = await groups.join(member);
    const twice = [commitOf(view, 0, 1n), commitOf(view, 0, 2n)];
    await expect(groups.commit({ ...member, offsets: twice })).rejects.toMatchObject({ code: 'GROUP_INVALID' });
    const long = [{ ...commitOf(view, 0, 1n), metadata: 'x'.repeat(4_097) }];
    await expect(groups.commit({ ...member, offsets: long })).rejects.toMatchObject({ code: 'GROUP_INVALID' });
    const elsewhere = { ...member, group: 'none', offsets: [commitOf(view, 0, 1n)] };
    await expect(groups.commit(elsewhere)).rejects.toMatchObject({ code: 'GROUP_UNKNOWN' });
  });

  test('commits or rolls back with the transaction of the caller', async () => {
    const member = joinRequest(group, ['orders']);
    const view = await groups.join(member);
    const work = log.db.transaction(async (tx) => {
      await groups.commit({ ...member, offsets: [commitOf(view, 0, 5n)] }, tx);
      throw new Error('the effects failed');
    });
    await expect(work).rejects.toThrow('the effects failed');
    expect((await groups.heartbeat({ ...member, released: [] })).owned[0]!.nextOffset).toBe(0n);
    await log.db.transaction((tx) => groups.commit({ ...member, offsets: [commitOf(view, 0, 5n)] }, tx));
    expect((await groups.heartbeat({ ...member, released: [] })).owned[0]!.nextOffset).toBe(5n);
  });

  test('a fenced commit takes the effects of its transaction down with it, even if its error is swallowed', async () => {
    const member = joinRequest(group, ['orders']);
    const view = await groups.join(member);
    await groups.leave(member);
    await log.db.query('create table effect (n integer)');
    const work = log.db.transaction(async (tx) => {
      await tx.query('insert into effect values (1)');
      await expect(groups.commit({ ...member, offsets: [commitOf(view, 0, 5n)] }, tx)).rejects.toMatchObject({
        code: 'GROUP_FENCED',
      });
    });
    await Promise.allSettled([work]);
    expect((await log.db.query('select * from effect')).rows).toEqual([]);
  });
});
