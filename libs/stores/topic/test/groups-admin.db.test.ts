import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { migrateDown, migrateUp } from '#libs/foundation/postgres';
import { createTestDatabase } from '#libs/foundation/testing';
import { MIGRATIONS } from '#migrations';
import type { GroupPartitionStatus } from '../src/groups/group-status.ts';
import type { ResetRequest } from '../src/groups/plan-reset.ts';
import { PostgresGroupAdmin } from '../src/groups/postgres/postgres-group-admin.ts';
import { PostgresGroupCoordinator } from '../src/groups/postgres/postgres-group-coordinator.ts';
import { commitOf, emit, joinRequest, silence, storedOffsets } from './groups-fixture.ts';
import { startLog, type TestLog } from './test-log.ts';

let log: TestLog;
let groups: PostgresGroupCoordinator;
let admin: PostgresGroupAdmin;
let group: string;

beforeAll(async () => {
  log = await startLog();
  groups = new PostgresGroupCoordinator(log.db);
  admin = new PostgresGroupAdmin(log.db);
  await log.db.query(`select outbox.create_topic('orders', 2), outbox.create_topic('payments', 1)`);
  await emit(log.db, 'orders', 0, 10);
  await emit(log.db, 'orders', 1, 4);
  await log.caughtUp();
});

afterAll(() => log.stop());

beforeEach(() => {
  group = `g-${randomUUID()}`;
});

/** A group of nobody that has committed 6 of partition 0. */
async function leftGroup(): Promise<void> {
  const member = joinRequest(group, ['orders']);
  const view = await groups.join(member);
  await groups.commit({ ...member, offsets: [{ ...commitOf(view, 0, 6n), metadata: 'batch 3' }] });
  await groups.leave(member);
}

async function partition(number: number): Promise<GroupPartitionStatus> {
  return (await admin.describe(group)).partitionStatus.find((status) => status.partition === number)!;
}

describe('describe', () => {
  test('shows offsets, ends and lag in records', async () => {
    const member = joinRequest(group, ['orders'], { client: { host: 'h1', pid: 7 } });
    const view = await groups.join(member);
    await groups.commit({
      ...member,
      offsets: [{ ...commitOf(view, 0, 6n), metadata: 'batch 3' }, commitOf(view, 1, 4n)],
    });
    const description = await admin.describe(group);
    expect(description).toMatchObject({
      name: group,
      state: 'stable',
      liveMembers: 1,
      partitions: 2,
      lagRecords: 4n,
      required: false,
    });
    expect(description.members).toMatchObject([
      { memberId: member.memberId, client: { host: 'h1', pid: 7 }, topics: ['orders'], live: true },
    ]);
    expect(description.partitionStatus).toMatchObject([
      {
        topic: 'orders',
        partition: 0,
        state: 'held',
        owner: member.memberId,
        committedOffset: 6n,
        endOffset: 10n,
        lagRecords: 4n,
        metadata: 'batch 3',
      },
      { topic: 'orders', partition: 1, committedOffset: 4n, endOffset: 4n, lagRecords: 0n, lagSeconds: null },
    ]);
    expect((await admin.list({ after: group.slice(0, -1), limit: 1 }))[0]).toMatchObject({
      name: group,
      lagRecords: 4n,
    });
  });

  test('lag in seconds is the age of the oldest record that is not committed', async () => {
    const topic = `aged-${randomUUID()}`;
    await log.db.query('select outbox.create_topic($1, 1)', [topic]);
    // Two steps of the sequencer, so that they are two batches.
    await emit(log.db, topic, 0, 3);
    await log.caughtUp();
    await emit(log.db, topic, 0, 2);
    await log.caughtUp();
    await log.db.query(
      `update log.batch b set first_time = clock_timestamp() - case b.base_offset when 0 then interval '1 hour' else interval '1 minute' end
       where b.topic_id = (select id from outbox.topic where name = $1)`,
      [topic],
    );
    const member = joinRequest(group, [topic]);
    const view = await groups.join(member);
    const near = async (seconds: number): Promise<void> => {
      const lag = (await partition(0)).lagSeconds!;
      expect(lag).toBeGreaterThanOrEqual(seconds);
      expect(lag).toBeLessThan(seconds + 30);
    };
    await near(3_600);
    await groups.commit({ ...member, offsets: [commitOf(view, 0, 2n)] });
    await near(3_600);
    await groups.commit({ ...member, offsets: [commitOf(view, 0, 3n)] });
    await near(60);
    await groups.commit({ ...member, offsets: [commitOf(view, 0, 5n)] });
    expect((await partition(0)).lagSeconds).toBeNull();
  });

  test('the state follows the members', async () => {
    const [first, second] = [joinRequest(group, ['orders']), joinRequest(group, ['orders'])];
    await groups.join(first);
    await groups.join(second);
    expect((await admin.describe(group)).state).toBe('rebalancing');
    await groups.leave(second);
    expect((await admin.describe(group)).state).toBe('stable');
    await silence(log.db, first.memberId);
    expect(await admin.describe(group)).toMatchObject({ state: 'empty', liveMembers: 0, members: [{ live: false }] });
  });

  test('an unknown group is refused', async () => {
    await expect(admin.describe('none')).rejects.toMatchObject({ code: 'GROUP_UNKNOWN' });
    await expect(admin.reset('none', [], { by: 'test' })).rejects.toMatchObject({ code: 'GROUP_UNKNOWN' });
    await expect(admin.delete('none')).rejects.toMatchObject({ code: 'GROUP_UNKNOWN' });
    await expect(admin.setRequired('none', true)).rejects.toMatchObject({ code: 'GROUP_UNKNOWN' });
  });
});

describe('reset', () => {
  test.each<[string, ResetRequest[], bigint[]]>([
    ['earliest', [{ topic: 'orders', to: 'earliest' }], [0n, 0n]],
    ['latest', [{ topic: 'orders', to: 'latest' }], [10n, 4n]],
    ['an offset of one partition', [{ topic: 'orders', partition: 0, to: 'offset', offset: 2n }], [2n, 0n]],
    ['a time before all', [{ topic: 'orders', to: 'time', time: new Date(0) }], [0n, 0n]],
    ['a time after all', [{ topic: 'orders', to: 'time', time: new Date('2999-01-01') }], [10n, 4n]],
  ])('to %s', async (_, requests, expected) => {
    await leftGroup();
    const dry = await admin.reset(group, requests, { by: 'ops', dryRun: true });
    expect((await partition(0)).committedOffset).toBe(6n);
    expect(await admin.reset(group, requests, { by: 'ops' })).toEqual(dry);
    expect((await admin.describe(group)).partitionStatus.map((status) => status.committedOffset)).toEqual(expected);
    const view = await groups.join(joinRequest(group, ['orders']));
    expect(view.owned.map((owned) => owned.nextOffset)).toEqual(expected);
  });

  test('of a topic that the group has not read takes all its partitions in', async () => {
    await leftGroup();
    expect(await admin.reset(group, [{ topic: 'payments', to: 'latest' }], { by: 'ops' })).toMatchObject([
      { from: null, to: 0n },
    ]);
    expect((await admin.describe(group)).partitions).toBe(3);
  });

  test.each<[string, ResetRequest[], string]>([
    ['an offset beyond the end', [{ topic: 'orders', partition: 1, to: 'offset', offset: 5n }], 'OFFSET_OUT_OF_RANGE'],
    ['an unknown topic', [{ topic: 'nope', to: 'earliest' }], 'TOPIC_UNKNOWN'],
    ['a partition that is none', [{ topic: 'orders', partition: 2, to: 'earliest' }], 'PARTITION_INVALID'],
    ['a partition of a topic not read', [{ topic: 'payments', partition: 0, to: 'earliest' }], 'GROUP_INVALID'],
    [
      'a partition twice',
      [
        { topic: 'orders', partition: 0, to: 'earliest' },
        { topic: 'orders', to: 'latest' },
      ],
      'GROUP_INVALID',
    ],
  ])('refuses %s and changes nothing', async (_, requests, code) => {
    await leftGroup();
    const before = await storedOffsets(log.db, group);
    const mixed: ResetRequest[] =
      code === 'GROUP_INVALID' ? requests : [{ topic: 'orders', partition: 0, to: 'earliest' }, ...requests];
    await expect(admin.reset(group, mixed, { by: 'ops' })).rejects.toMatchObject({ code });
    expect(await storedOffsets(log.db, group)).toEqual(before);
  });

  test('and deletion are refused while a member is alive, and fence one that was dead', async () => {
    const member = joinRequest(group, ['orders']);
    const view = await groups.join(member);
    const reset = (): Promise<unknown> => admin.reset(group, [{ topic: 'orders', to: 'latest' }], { by: 'ops' });
    await expect(reset()).rejects.toMatchObject({ code: 'GROUP_ACTIVE' });
    await expect(admin.delete(group)).rejects.toMatchObject({ code: 'GROUP_ACTIVE' });
    await silence(log.db, member.memberId);
    await reset();
    await expect(groups.commit({ ...member, offsets: [commitOf(view, 0, 10n)] })).rejects.toMatchObject({
      code: 'GROUP_FENCED',
    });
    await admin.delete(group);
    await expect(admin.describe(group)).rejects.toMatchObject({ code: 'GROUP_UNKNOWN' });
  });
});

describe('groups that hold back retention', () => {
  const required = async (): Promise<string | null> =>
    (await log.db.query<{ position: string | null }>('select log.required_position() as position')).rows[0]!.position;
  const positionOf = async (topic: string, partition: number, offset: number): Promise<string> => {
    const result = await log.db.query<{ position: string }>(
      `select b.positions[$3 - b.base_offset + 1] as position from log.batch b join outbox.topic t on t.id = b.topic_id
       where t.name = $1 and b.partition = $2 and $3 between b.base_offset and b.base_offset + b.records - 1`,
      [topic, partition, offset],
    );
    return result.rows[0]!.position;
  };

  test('the lowest position that one of them has not committed', async () => {
    await leftGroup();
    expect(await required()).toBeNull();
    await admin.setRequired(group, true);
    expect(await required()).toBe(await positionOf('orders', 0, 6));
    await admin.reset(group, [{ topic: 'orders', partition: 0, to: 'latest' }], { by: 'ops' });
    expect(await required()).toBe(await positionOf('orders', 1, 0));
    await admin.reset(group, [{ topic: 'orders', to: 'latest' }], { by: 'ops' });
    expect(await required()).toBeNull();
  });

  test('a partition that the group has not seen yet counts from its beginning; a forgotten topic counts no more', async () => {
    const topic = `new-${randomUUID()}`;
    await log.db.query('select outbox.create_topic($1, 1)', [topic]);
    await admin.create(group, { start: { from: 'latest' }, required: true });
    const member = joinRequest(group, [topic]);
    await groups.join(member);
    await groups.leave(member);
    await log.db.query('select outbox.alter_topic($1, 2)', [topic]);
    await emit(log.db, topic, 1, 2);
    await log.caughtUp();
    expect(await required()).toBe(await positionOf(topic, 1, 0));
    expect(await admin.forgetTopic(group, topic)).toBe(1);
    expect(await required()).toBeNull();
    await expect(admin.create(group, { start: { from: 'latest' }, required: true })).rejects.toMatchObject({
      code: 'GROUP_INVALID',
    });
  });
});

describe('the database', () => {
  test('a role granted log.grant_consumer can be a member, and cannot move offsets of a topic out of the log', async () => {
    const role = `tm_consumer_${Math.trunc(Math.random() * 1e9)}`;
    await log.db.query(`create role ${role}`);
    await log.db.query(`select log.grant_consumer('${role}')`);
    const restricted = await log.db.connect();
    try {
      await restricted.query(`set role ${role}`);
      const asRole = new PostgresGroupCoordinator({
        query: (text: string, values: unknown[]) => restricted.query(text, values),
        transaction: async (work: (tx: typeof restricted) => Promise<unknown>) => work(restricted),
      } as never);
      const member = joinRequest(group, ['orders']);
      const view = await asRole.join(member);
      await asRole.heartbeat({ ...member, released: [] });
      await asRole.commit({ ...member, offsets: [commitOf(view, 0, 1n)] });
      await expect(restricted.query('update log.head set next_offset = 0')).rejects.toThrow(/permission denied/);
    } finally {
      await restricted.query('reset role; drop owned by ' + role + '; drop role ' + role);
      restricted.release();
    }
  });

  test('the migration can be undone and done again', async () => {
    const empty = await createTestDatabase({ migrated: false });
    try {
      await migrateUp({ url: empty.url, migrations: MIGRATIONS });
      const upTo = MIGRATIONS.findIndex((migration) => migration.name.startsWith('LogGroups'));
      await migrateDown({ url: empty.url, migrations: MIGRATIONS }, MIGRATIONS.length - upTo);
      expect((await empty.db.query(`select to_regclass('log.consumer_group') as relation`)).rows).toEqual([
        { relation: null },
      ]);
      expect(await migrateUp({ url: empty.url, migrations: MIGRATIONS })).toContain('LogGroups1763700006000');
    } finally {
      await empty.drop();
    }
  });
});
