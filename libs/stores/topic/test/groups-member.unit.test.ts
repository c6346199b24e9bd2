import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { turns } from '../../../foundation/lifecycle/test/manual-time.ts';
import type { GroupMember } from '../src/groups/group-member.ts';
import type { GroupMemberOptions } from '../src/groups/group-member-options.ts';
import { MemorySource } from './groups-memory.ts';
import { ALL, DRAIN_MS, MemberStage, offsetsOf, owned, SESSION_MS } from './groups-member-stage.ts';

let stage: MemberStage;
let member: GroupMember;

async function started(more: Partial<GroupMemberOptions> = {}): Promise<void> {
  member = await stage.started(more);
}

beforeEach(() => {
  stage = new MemberStage();
});

afterEach(() => stage.close());

describe('poll', () => {
  test('hands out records in order, of all partitions in turn, within the limits', async () => {
    stage.coordinator.own([owned(0), owned(1, 1n, 40n)]);
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
    stage.coordinator.own([owned(0)]);
    await stage.beat();
    expect(offsetsOf(await polled)).toEqual({ 0: '0-9' });
    expect(stage.events).toEqual(['assigned 0']);
    stage.source.endOffset = 0n;
    stage.coordinator.own([owned(1)]);
    await stage.beat();
    expect(await member.poll(ALL)).toEqual([]);
  });

  test('keeps no more than its bytes in memory, and one record', async () => {
    stage.source = new MemorySource(1_000);
    stage.coordinator.own([owned(0), owned(1), owned(2)]);
    await started({ bufferMaxBytes: 5_000, fetchMaxBytes: 2_000 });
    for (let round = 0; round < 20; round += 1) {
      await member.poll({ ...ALL, maxRecords: 1 });
      await turns();
      expect(member.status().bufferedBytes).toBeLessThanOrEqual(6_000);
    }
    expect(Math.max(...stage.source.reads.map((read) => read.maxBytes))).toBe(2_000);
  });

  test('passes over records that retention has dropped, and says so', async () => {
    stage.source.startOffset = 30n;
    stage.coordinator.own([owned(0, 1n, 5n)]);
    await started();
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '30-39' });
    expect(stage.events).toEqual(['assigned 0', 'skipped 0 from 5 to 30']);
  });

  test('reads on where the source says, over holes between records and over reads that find nothing else', async () => {
    stage.source.hole = { from: 5n, to: 500n };
    stage.coordinator.own([owned(0)]);
    await started();
    const polled = await member.poll({ ...ALL, maxRecords: 8, waitMs: 60_000 });
    expect(polled[0]!.records.map((record) => record.offset)).toEqual([0n, 1n, 2n, 3n, 4n, 500n, 501n, 502n]);
    expect(polled[0]!.nextOffset).toBe(503n);
    stage.coordinator.own([owned(1, 1n, 20n)]);
    await stage.beat();
    expect(offsetsOf(await member.poll({ ...ALL, waitMs: 60_000 }))).toEqual({ 1: '500-509' });
  });

  test('a hole at the end is not waited for in a handover, and is committed with the records before it', async () => {
    stage.source.endOffset = 10n;
    stage.source.hole = { from: 5n, to: 10n };
    stage.coordinator.own([owned(0)]);
    await started();
    expect((await member.poll(ALL))[0]!.nextOffset).toBe(10n);
    await member.commit();
    expect(stage.coordinator.commits[0]!.offsets[0]!.nextOffset).toBe(10n);
    member.seek({ topic: 't', partition: 0 }, 4n);
    await member.poll(ALL);
    await member.commit({ offsets: [{ topic: 't', partition: 0, nextOffset: 5n }] });
    stage.coordinator.own([owned(0)], [owned(0)]);
    await stage.beat();
    expect(stage.events.at(-1)).toBe('released 0');
  });

  test('throws what a read threw, and reads again at the next call', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    stage.source.gate = Promise.reject(new Error('no connection'));
    await expect(member.poll(ALL)).rejects.toThrow('no connection');
    stage.source.gate = undefined;
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '0-9' });
  });
});

describe('the lease', () => {
  test('nothing is handed out once the group has not answered for a session, and what was in memory is dropped', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    stage.coordinator.failure = new TidemarkError('DATABASE_UNAVAILABLE', 'gone');
    for (let second = 1; second < 10; second += 1) {
      await stage.beat();
      expect(await member.poll({ ...ALL, maxRecords: 1 })).toHaveLength(1);
    }
    await stage.beat();
    expect(await member.poll(ALL)).toEqual([]);
    expect(member.status()).toMatchObject({ partitions: 0, bufferedBytes: 0, leaseLeftMs: 0 });
    expect(stage.events).toContain('lost 0');
  });

  test('runs from when the heartbeat was sent, not from when it was answered', async () => {
    stage.coordinator.own([owned(0)]);
    let answer = (): void => undefined;
    await started();
    const heartbeat = stage.coordinator.heartbeat.bind(stage.coordinator);
    stage.coordinator.heartbeat = async (request) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return heartbeat(request);
    };
    await stage.beat();
    await stage.time.advance(8_000);
    answer();
    await turns();
    expect(member.status().leaseLeftMs).toBe(SESSION_MS - 8_000);
  });

  test('records read while it ended are not handed out', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    let open = (): void => undefined;
    stage.source.gate = new Promise((resolve) => (open = resolve));
    const polled = member.poll(ALL);
    await turns();
    stage.coordinator.failure = new TidemarkError('DATABASE_UNAVAILABLE', 'gone');
    await stage.time.advance(SESSION_MS);
    open();
    expect(await polled).toEqual([]);
    expect(stage.source.reads).toHaveLength(1);
  });

  test('after it ended, the partitions come back at the committed offset', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    stage.coordinator.failure = new TidemarkError('DATABASE_UNAVAILABLE', 'gone');
    await stage.time.advance(SESSION_MS);
    await stage.time.advance(SESSION_MS);
    stage.coordinator.failure = undefined;
    stage.coordinator.own([owned(0, 1n, 4n)]);
    await stage.beat();
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '4-13' });
    expect(stage.events.filter((event) => !event.startsWith('error'))).toEqual(['assigned 0', 'lost 0', 'assigned 0']);
  });

  test('a member that was removed joins again under another id', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    stage.coordinator.failure = new TidemarkError('GROUP_FENCED', 'not a member');
    await stage.beat();
    stage.coordinator.failure = undefined;
    stage.coordinator.own([owned(1)]);
    await stage.beat();
    expect(stage.coordinator.joins.map((join) => join.memberId)).toEqual(['member-1', 'member-2']);
    expect(stage.events).toEqual(['assigned 0', 'lost 0', 'error GROUP_FENCED', 'assigned 1']);
  });

  test('a member that the group refuses for good says so to those who poll', async () => {
    stage.coordinator.failure = new TidemarkError('GROUP_INVALID', 'bad name');
    await started();
    await expect(member.poll({ ...ALL, waitMs: 1_000 })).rejects.toMatchObject({ code: 'GROUP_INVALID' });
  });
});

describe('a handover', () => {
  test('drops what is in memory, waits for the commit, and then releases at once', async () => {
    stage.coordinator.own([owned(0), owned(1)]);
    await started();
    await member.poll({ ...ALL, maxRecords: 5 });
    await member.poll({ ...ALL, maxRecords: 5 });
    stage.coordinator.own([owned(0), owned(1)], [owned(0)]);
    await stage.beat();
    expect(stage.events).toEqual(['assigned 0,1', 'revoking 0']);
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 1: '5-14' });
    await stage.time.advance(200);
    expect(stage.coordinator.heartbeats.flatMap((heartbeat) => heartbeat.released)).toEqual([]);

    await member.commit({ offsets: [{ topic: 't', partition: 0, nextOffset: 5n }] });
    await turns();
    expect(stage.coordinator.heartbeats.at(-1)!.released).toEqual([{ topic: 't', partition: 0, assignmentEpoch: 1n }]);
    expect(stage.events.at(-1)).toBe('released 0');
    await expect(member.commit({ offsets: [{ topic: 't', partition: 0, nextOffset: 5n }] })).rejects.toMatchObject({
      code: 'GROUP_FENCED',
    });
  });

  test('releases at once what has nothing outstanding', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    stage.coordinator.own([owned(0)], [owned(0)]);
    await stage.beat();
    expect(stage.events).toEqual(['assigned 0', 'revoking 0', 'released 0']);
  });

  test('does not wait for records whose effects were rolled back', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    stage.coordinator.own([owned(0)], [owned(0)]);
    await stage.beat();
    expect(stage.events).toEqual(['assigned 0', 'revoking 0']);
    member.seek({ topic: 't', partition: 0 }, 0n);
    expect(await member.poll(ALL)).toEqual([]);
    await turns();
    expect(stage.events.at(-1)).toBe('released 0');
  });

  test('does not wait for an application that never commits for longer than drainMs', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    stage.coordinator.own([owned(0)], [owned(0)]);
    await stage.beat();
    for (let waited = 0; waited < DRAIN_MS - 200; waited += 200) await stage.time.advance(200);
    expect(stage.events).not.toContain('released 0');
    for (let more = 0; more < 3; more += 1) await stage.time.advance(200);
    expect(stage.events).toContain('released 0');
  });

  test('a partition that stays after all goes on where it was', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    stage.coordinator.own([owned(0)], [owned(0)]);
    await stage.beat();
    expect(await member.poll(ALL)).toEqual([]);
    stage.coordinator.own([owned(0)]);
    await stage.time.advance(200);
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '10-19' });
  });

  test('records read meanwhile under an earlier ownership are dropped', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    let open = (): void => undefined;
    stage.source.gate = new Promise((resolve) => (open = resolve));
    const polled = member.poll({ ...ALL, waitMs: 60_000 });
    await turns();
    stage.coordinator.own([owned(0, 2n, 70n)]);
    await stage.beat();
    stage.source.gate = undefined;
    open();
    expect(offsetsOf(await polled)).toEqual({ 0: '70-79' });
  });
});

describe('commit', () => {
  test('commits what was handed out, and then nothing', async () => {
    stage.coordinator.own([owned(0), owned(1)]);
    await started();
    await member.commit();
    await member.poll({ ...ALL, maxRecords: 7 });
    await member.commit();
    await member.commit();
    expect(stage.coordinator.commits.map((commit) => commit.offsets)).toEqual([
      [{ topic: 't', partition: 0, assignmentEpoch: 1n, nextOffset: 7n }],
    ]);
  });

  test('one that failed is made again by the next', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    stage.coordinator.failure = new TidemarkError('DATABASE_BUSY', 'later');
    await expect(member.commit()).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
    stage.coordinator.failure = undefined;
    await member.commit();
    expect(stage.coordinator.commits[0]!.offsets[0]!.nextOffset).toBe(10n);
  });

  test('seek hands out again, and makes it uncommitted', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    await member.poll(ALL);
    await member.commit();
    member.seek({ topic: 't', partition: 0 }, 3n);
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '3-12' });
    await member.commit();
    expect(stage.coordinator.commits.at(-1)!.offsets[0]!.nextOffset).toBe(13n);
    expect(() => member.seek({ topic: 't', partition: 2 }, 3n)).toThrow(/not owned/);
  });
});

describe('stop', () => {
  test('leaves once, wakes those who wait, and refuses further polls', async () => {
    await started();
    const polled = member.poll({ ...ALL, waitMs: 60_000 });
    await turns();
    await Promise.all([member.stop({ deadlineMs: 1_000 }), member.stop({ deadlineMs: 1_000 })]);
    expect(await polled).toEqual([]);
    expect(stage.coordinator.left.map((leave) => leave.memberId)).toEqual(['member-1']);
    await expect(member.poll(ALL)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await expect(member.start()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  test.each([{ heartbeatMs: 6_000 }, { bufferMaxBytes: 0 }, { fetchMaxBytes: 0 }, { drainMs: -1 }])(
    'settings that cannot work are refused: %j',
    (wrong) => {
      member = stage.make();
      expect(() => stage.make(wrong)).toThrow(expect.objectContaining({ code: 'GROUP_INVALID' }));
    },
  );
});
