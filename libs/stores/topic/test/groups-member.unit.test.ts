import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { ManualTime, turns } from '../../../foundation/lifecycle/test/manual-time.ts';
import { GroupMember } from '../src/groups/group-member.ts';
import type { GroupMemberOptions } from '../src/groups/group-member-options.ts';
import type { OwnedPartition } from '../src/groups/group.ts';
import type { PolledPartition } from '../src/groups/owned-partitions.ts';
import { MemorySource, ScriptedCoordinator } from './groups-memory.ts';

const SESSION_MS = 10_000;
const DRAIN_MS = 3_000;
const ALL = { maxRecords: 10, maxBytes: 1_000_000, waitMs: 0 };

let time: ManualTime;
let coordinator: ScriptedCoordinator;
let source: MemorySource;
let events: string[];
let member: GroupMember;
let ids: number;

function owned(partition: number, assignmentEpoch = 1n, nextOffset = 0n): OwnedPartition {
  return { topic: 't', partition, assignmentEpoch, nextOffset };
}

function make(more: Partial<GroupMemberOptions> = {}): GroupMember {
  return new GroupMember({
    coordinator,
    source,
    group: 'g',
    topics: ['t'],
    sessionTimeoutMs: SESSION_MS,
    heartbeatMs: 1_000,
    drainMs: DRAIN_MS,
    clock: time,
    sleep: time.sleep,
    random: () => 0.5,
    newMemberId: () => `member-${(ids += 1)}`,
    onAssigned: (partitions) => events.push(`assigned ${partitions.map((partition) => partition.partition).join()}`),
    onRevoking: (partitions) => events.push(`revoking ${partitions.map((partition) => partition.partition).join()}`),
    onRevoked: (partitions, how) => events.push(`${how} ${partitions.map((partition) => partition.partition).join()}`),
    onSkipped: (partition, from, to) => events.push(`skipped ${partition.partition} from ${from} to ${to}`),
    onError: (error) => events.push(`error ${(error as TidemarkError).code}`),
    ...more,
  });
}

async function started(more: Partial<GroupMemberOptions> = {}): Promise<GroupMember> {
  member = make(more);
  await member.start();
  await turns();
  return member;
}

/** One heartbeat later. */
async function beat(): Promise<void> {
  await time.advance(1_000);
}

function offsetsOf(polled: readonly PolledPartition[]): Record<number, string> {
  return Object.fromEntries(
    polled.map(({ partition, records }) => [partition, `${records[0]!.offset}-${records.at(-1)!.offset}`]),
  );
}

beforeEach(() => {
  time = new ManualTime();
  coordinator = new ScriptedCoordinator();
  source = new MemorySource();
  events = [];
  ids = 0;
});

afterEach(async () => {
  coordinator.failure = undefined;
  await member.stop({ deadlineMs: 1_000 });
});

describe('poll', () => {
  test('hands out records in order, of all partitions in turn, within the limits', async () => {
    coordinator.own([owned(0), owned(1, 1n, 40n)]);
    await started();
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '0-9' });
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 1: '40-49' });
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '10-19' });
    expect(offsetsOf(await member.poll({ ...ALL, maxBytes: 500 }))).toEqual({ 1: '50-51' });
    expect(offsetsOf(await member.poll({ ...ALL, maxBytes: 1 }))).toEqual({ 0: '20-20' });
  });

  test('waits for an assignment, and returns nothing when the time is over', async () => {
    await started();
    const polled = member.poll({ ...ALL, waitMs: 60_000 });
    coordinator.own([owned(0)]);
    await beat();
    expect(offsetsOf(await polled)).toEqual({ 0: '0-9' });
    expect(events).toEqual(['assigned 0']);
    source.endOffset = 0n;
    coordinator.own([owned(1)]);
    await beat();
    expect(await member.poll(ALL)).toEqual([]);
  });

  test('keeps no more than its bytes in memory, and one record', async () => {
    source = new MemorySource(1_000);
    coordinator.own([owned(0), owned(1), owned(2)]);
    await started({ bufferMaxBytes: 5_000, fetchMaxBytes: 2_000 });
    for (let round = 0; round < 20; round += 1) {
      await member.poll({ ...ALL, maxRecords: 1 });
      await turns();
      expect(member.status().bufferedBytes).toBeLessThanOrEqual(6_000);
    }
    expect(Math.max(...source.reads.map((read) => read.maxBytes))).toBe(2_000);
  });

  test('passes over records that retention has dropped, and says so', async () => {
    source.startOffset = 30n;
    coordinator.own([owned(0, 1n, 5n)]);
    await started();
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '30-39' });
    expect(events).toEqual(['assigned 0', 'skipped 0 from 5 to 30']);
  });

  test('reads on where the source says, over holes between records and over reads that find nothing else', async () => {
    source.hole = { from: 5n, to: 500n };
    coordinator.own([owned(0)]);
    await started();
    const polled = await member.poll({ ...ALL, maxRecords: 8, waitMs: 60_000 });
    expect(polled[0]!.records.map((record) => record.offset)).toEqual([0n, 1n, 2n, 3n, 4n, 500n, 501n, 502n]);
    expect(polled[0]!.nextOffset).toBe(503n);
    coordinator.own([owned(1, 1n, 20n)]);
    await beat();
    expect(offsetsOf(await member.poll({ ...ALL, waitMs: 60_000 }))).toEqual({ 1: '500-509' });
  });

  test('a hole at the end is not waited for in a handover, and is committed with the records before it', async () => {
    source.endOffset = 10n;
    source.hole = { from: 5n, to: 10n };
    coordinator.own([owned(0)]);
    await started();
    expect((await member.poll(ALL))[0]!.nextOffset).toBe(10n);
    await member.commit();
    expect(coordinator.commits[0]!.offsets[0]!.nextOffset).toBe(10n);
    member.seek({ topic: 't', partition: 0 }, 4n);
    await member.poll(ALL);
    await member.commit({ offsets: [{ topic: 't', partition: 0, nextOffset: 5n }] });
    coordinator.own([owned(0)], [owned(0)]);
    await beat();
    expect(events.at(-1)).toBe('released 0');
  });

  test('throws what a read threw, and reads again at the next call', async () => {
    coordinator.own([owned(0)]);
    await started();
    source.gate = Promise.reject(new Error('no connection'));
    await expect(member.poll(ALL)).rejects.toThrow('no connection');
    source.gate = undefined;
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '0-9' });
  });
});

describe('the lease', () => {
  test('nothing is handed out once the group has not answered for a session, and what was in memory is dropped', async () => {
    coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    coordinator.failure = new TidemarkError('DATABASE_UNAVAILABLE', 'gone');
    for (let second = 1; second < 10; second += 1) {
      await beat();
      expect(await member.poll({ ...ALL, maxRecords: 1 })).toHaveLength(1);
    }
    await beat();
    expect(await member.poll(ALL)).toEqual([]);
    expect(member.status()).toMatchObject({ partitions: 0, bufferedBytes: 0, leaseLeftMs: 0 });
    expect(events).toContain('lost 0');
  });

  test('runs from when the heartbeat was sent, not from when it was answered', async () => {
    coordinator.own([owned(0)]);
    let answer = (): void => undefined;
    await started();
    const heartbeat = coordinator.heartbeat.bind(coordinator);
    coordinator.heartbeat = async (request) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return heartbeat(request);
    };
    await beat();
    await time.advance(8_000);
    answer();
    await turns();
    expect(member.status().leaseLeftMs).toBe(SESSION_MS - 8_000);
  });

  test('records read while it ended are not handed out', async () => {
    coordinator.own([owned(0)]);
    await started();
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => (open = resolve));
    const polled = member.poll(ALL);
    await turns();
    coordinator.failure = new TidemarkError('DATABASE_UNAVAILABLE', 'gone');
    await time.advance(SESSION_MS);
    open();
    expect(await polled).toEqual([]);
    expect(source.reads).toHaveLength(1);
  });

  test('after it ended, the partitions come back at the committed offset', async () => {
    coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    coordinator.failure = new TidemarkError('DATABASE_UNAVAILABLE', 'gone');
    await time.advance(SESSION_MS);
    await time.advance(SESSION_MS);
    coordinator.failure = undefined;
    coordinator.own([owned(0, 1n, 4n)]);
    await beat();
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '4-13' });
    expect(events.filter((event) => !event.startsWith('error'))).toEqual(['assigned 0', 'lost 0', 'assigned 0']);
  });

  test('a member that was removed joins again under another id', async () => {
    coordinator.own([owned(0)]);
    await started();
    coordinator.failure = new TidemarkError('GROUP_FENCED', 'not a member');
    await beat();
    coordinator.failure = undefined;
    coordinator.own([owned(1)]);
    await beat();
    expect(coordinator.joins.map((join) => join.memberId)).toEqual(['member-1', 'member-2']);
    expect(events).toEqual(['assigned 0', 'lost 0', 'error GROUP_FENCED', 'assigned 1']);
  });

  test('a member that the group refuses for good says so to those who poll', async () => {
    coordinator.failure = new TidemarkError('GROUP_INVALID', 'bad name');
    await started();
    await expect(member.poll({ ...ALL, waitMs: 1_000 })).rejects.toMatchObject({ code: 'GROUP_INVALID' });
  });
});

describe('a handover', () => {
  test('drops what is in memory, waits for the commit, and then releases at once', async () => {
    coordinator.own([owned(0), owned(1)]);
    await started();
    await member.poll({ ...ALL, maxRecords: 5 });
    await member.poll({ ...ALL, maxRecords: 5 });
    coordinator.own([owned(0), owned(1)], [owned(0)]);
    await beat();
    expect(events).toEqual(['assigned 0,1', 'revoking 0']);
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 1: '5-14' });
    await time.advance(200);
    expect(coordinator.heartbeats.flatMap((heartbeat) => heartbeat.released)).toEqual([]);

    await member.commit({ offsets: [{ topic: 't', partition: 0, nextOffset: 5n }] });
    await turns();
    expect(coordinator.heartbeats.at(-1)!.released).toEqual([{ topic: 't', partition: 0, assignmentEpoch: 1n }]);
    expect(events.at(-1)).toBe('released 0');
    await expect(member.commit({ offsets: [{ topic: 't', partition: 0, nextOffset: 5n }] })).rejects.toMatchObject({
      code: 'GROUP_FENCED',
    });
  });

  test('releases at once what has nothing outstanding', async () => {
    coordinator.own([owned(0)]);
    await started();
    coordinator.own([owned(0)], [owned(0)]);
    await beat();
    expect(events).toEqual(['assigned 0', 'revoking 0', 'released 0']);
  });

  test('does not wait for an application that never commits for longer than drainMs', async () => {
    coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    coordinator.own([owned(0)], [owned(0)]);
    await beat();
    for (let waited = 0; waited < DRAIN_MS - 200; waited += 200) await time.advance(200);
    expect(events).not.toContain('released 0');
    for (let more = 0; more < 3; more += 1) await time.advance(200);
    expect(events).toContain('released 0');
  });

  test('a partition that stays after all goes on where it was', async () => {
    coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    coordinator.own([owned(0)], [owned(0)]);
    await beat();
    expect(await member.poll(ALL)).toEqual([]);
    coordinator.own([owned(0)]);
    await time.advance(200);
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '10-19' });
  });

  test('records read meanwhile under an earlier ownership are dropped', async () => {
    coordinator.own([owned(0)]);
    await started();
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => (open = resolve));
    const polled = member.poll({ ...ALL, waitMs: 60_000 });
    await turns();
    coordinator.own([owned(0, 2n, 70n)]);
    await beat();
    source.gate = undefined;
    open();
    expect(offsetsOf(await polled)).toEqual({ 0: '70-79' });
  });
});

describe('a pause', () => {
  const P0 = [{ topic: 't', partition: 0 }];

  test('holds a partition through any number of leases, and leaves the others all the memory', async () => {
    source = new MemorySource(1_000);
    coordinator.own([owned(0), owned(1)]);
    await started({ bufferMaxBytes: 5_000, fetchMaxBytes: 5_000 });
    const one = { ...ALL, maxRecords: 1 };
    expect(offsetsOf(await member.poll(one))).toEqual({ 0: '0-0' });
    member.pause([...P0, { topic: 't', partition: 2 }]);
    expect(member.status().bufferedBytes).toBe(0);
    for (let round = 0; round < 5 * (SESSION_MS / 1_000); round += 1) {
      await beat();
      expect(offsetsOf(await member.poll(one))).toEqual({ 1: `${round}-${round}` });
    }
    expect(source.reads.filter((read) => read.partition === 0)).toHaveLength(1);
    await member.commit();
    expect(coordinator.commits[0]!.offsets.map((offset) => offset.nextOffset)).toEqual([1n, 50n]);
    expect(events).toEqual(['assigned 0,1']);
  });

  test('a poll that waits hands out the records once the pause ends, also those of a read under way when it began', async () => {
    coordinator.own([owned(0)]);
    await started();
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => (open = resolve));
    const polled = member.poll({ ...ALL, waitMs: 60_000 });
    await turns();
    member.pause(P0);
    open();
    await turns();
    expect(member.status().bufferedBytes).toBe(0);
    member.resume(P0);
    expect(offsetsOf(await polled)).toEqual({ 0: '0-9' });
  });

  test('does not outlive the ownership, nor hold up a handover', async () => {
    coordinator.own([owned(0)]);
    await started();
    member.pause(P0);
    coordinator.own([owned(0)], [owned(0)]);
    await beat();
    expect(events).toEqual(['assigned 0', 'revoking 0', 'released 0']);
    coordinator.own([owned(0, 2n)]);
    await beat();
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '0-9' });
  });
});

describe('a subscription', () => {
  test('that changes is told to the group at once, and again when the member joins anew; a wrong one changes nothing', async () => {
    await started({ topics: [] });
    member.subscribe(['t', 'u']);
    await turns();
    expect(coordinator.heartbeats.map((heartbeat) => heartbeat.topics)).toEqual([['t', 'u']]);
    expect(() => member.subscribe(['t', 'no name'])).toThrow(expect.objectContaining({ code: 'GROUP_INVALID' }));
    coordinator.failure = new TidemarkError('GROUP_FENCED', 'not a member');
    await beat();
    coordinator.failure = undefined;
    await beat();
    expect(coordinator.joins.map((join) => join.topics)).toEqual([[], ['t', 'u']]);
  });
});

describe('commit', () => {
  test('commits what was handed out, and then nothing', async () => {
    coordinator.own([owned(0), owned(1)]);
    await started();
    await member.commit();
    await member.poll({ ...ALL, maxRecords: 7 });
    await member.commit();
    await member.commit();
    expect(coordinator.commits.map((commit) => commit.offsets)).toEqual([
      [{ topic: 't', partition: 0, assignmentEpoch: 1n, nextOffset: 7n }],
    ]);
  });

  test('one that failed is made again by the next', async () => {
    coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    coordinator.failure = new TidemarkError('DATABASE_BUSY', 'later');
    await expect(member.commit()).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
    coordinator.failure = undefined;
    await member.commit();
    expect(coordinator.commits[0]!.offsets[0]!.nextOffset).toBe(10n);
  });

  test('seek hands out again, and makes it uncommitted', async () => {
    coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    await member.commit();
    member.seek({ topic: 't', partition: 0 }, 3n);
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '3-12' });
    await member.commit();
    expect(coordinator.commits.at(-1)!.offsets[0]!.nextOffset).toBe(13n);
    expect(() => member.seek({ topic: 't', partition: 2 }, 3n)).toThrow(/not owned/);
  });
});

describe('a static member', () => {
  test('says so in every call, and also when it stops', async () => {
    await started({ instanceId: 'shop-0' });
    await beat();
    await member.stop({ deadlineMs: 1_000 });
    const calls = [...coordinator.joins, ...coordinator.heartbeats, ...coordinator.left];
    expect(calls.map((call) => call.instanceId)).toEqual(['shop-0', 'shop-0', 'shop-0']);
  });

  test('whose successor has joined stays away for good, and says so to those who poll', async () => {
    coordinator.own([owned(0)]);
    await started({ instanceId: 'shop-0' });
    const polled = member.poll({ ...ALL, maxRecords: 1, waitMs: 60_000 });
    expect(await polled).toHaveLength(1);
    coordinator.failure = new TidemarkError('GROUP_INSTANCE_TAKEN', 'replaced');
    await beat();
    coordinator.failure = undefined;
    await expect(member.poll(ALL)).rejects.toMatchObject({ code: 'GROUP_INSTANCE_TAKEN' });
    await time.advance(10 * SESSION_MS);
    expect(coordinator.joins).toHaveLength(1);
    expect(member.status()).toMatchObject({ joined: false, partitions: 0, bufferedBytes: 0, leaseLeftMs: 0 });
    expect(events).toEqual(['assigned 0', 'lost 0', 'error GROUP_INSTANCE_TAKEN']);
  });
});

describe('stop', () => {
  test('leaves once, wakes those who wait, and refuses further polls', async () => {
    await started();
    const polled = member.poll({ ...ALL, waitMs: 60_000 });
    await turns();
    await Promise.all([member.stop({ deadlineMs: 1_000 }), member.stop({ deadlineMs: 1_000 })]);
    expect(await polled).toEqual([]);
    expect(coordinator.left.map((leave) => leave.memberId)).toEqual(['member-1']);
    await expect(member.poll(ALL)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await expect(member.start()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  test.each([{ heartbeatMs: 6_000 }, { bufferMaxBytes: 0 }, { fetchMaxBytes: 0 }, { drainMs: -1 }])(
    'settings that cannot work are refused: %j',
    (wrong) => {
      member = make();
      expect(() => make(wrong)).toThrow(expect.objectContaining({ code: 'GROUP_INVALID' }));
    },
  );
});
