import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { turns } from '../../../foundation/lifecycle/test/manual-time.ts';
import type { GroupMember } from '../src/groups/group-member.ts';
import type { GroupMemberOptions } from '../src/groups/group-member-options.ts';
import { MemorySource } from './groups-memory.ts';
import { ALL, MemberStage, offsetsOf, owned, SESSION_MS } from './groups-member-stage.ts';

let stage: MemberStage;
let member: GroupMember;

async function started(more: Partial<GroupMemberOptions> = {}): Promise<void> {
  member = await stage.started(more);
}

beforeEach(() => {
  stage = new MemberStage();
});

afterEach(() => stage.close());

describe('a pause', () => {
  const P0 = [{ topic: 't', partition: 0 }];

  test('holds a partition through any number of leases, and leaves the others all the memory', async () => {
    stage.source = new MemorySource(1_000);
    stage.coordinator.own([owned(0), owned(1)]);
    await started({ bufferMaxBytes: 5_000, fetchMaxBytes: 5_000 });
    const one = { ...ALL, maxRecords: 1 };
    expect(offsetsOf(await member.poll(one))).toEqual({ 0: '0-0' });
    member.pause([...P0, { topic: 't', partition: 2 }]);
    expect(member.status().bufferedBytes).toBe(4_000);
    for (let round = 0; round < 5 * (SESSION_MS / 1_000); round += 1) {
      await stage.beat();
      expect(offsetsOf(await member.poll(one))).toEqual({ 1: `${round}-${round}` });
    }
    expect(stage.source.reads.filter((read) => read.partition === 1).length).toBeLessThanOrEqual(11);
    expect(stage.source.reads.filter((read) => read.partition === 0)).toHaveLength(1);
    await member.commit();
    expect(stage.coordinator.commits[0]!.offsets.map((offset) => offset.nextOffset)).toEqual([1n, 50n]);
    expect(stage.events).toEqual(['assigned 0,1']);
  });

  test('a poll that waits hands out the records once the pause ends, also those of a read under way when it began', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    let open = (): void => undefined;
    stage.source.gate = new Promise((resolve) => (open = resolve));
    const polled = member.poll({ ...ALL, waitMs: 60_000 });
    await turns();
    member.pause(P0);
    open();
    await turns();
    expect(member.status().bufferedBytes).toBeGreaterThan(0);
    member.resume(P0);
    expect(offsetsOf(await polled)).toEqual({ 0: '0-9' });
    expect(stage.source.reads).toHaveLength(1);
  });

  test('does not outlive the ownership, nor hold up a handover', async () => {
    stage.coordinator.own([owned(0)]);
    await started();
    member.pause(P0);
    stage.coordinator.own([owned(0)], [owned(0)]);
    await stage.beat();
    expect(stage.events).toEqual(['assigned 0', 'revoking 0', 'released 0']);
    stage.coordinator.own([owned(0, 2n)]);
    await stage.beat();
    expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '0-9' });
  });
});

describe('a subscription', () => {
  test('that changes is told to the group at once, and again when the member joins anew; a wrong one changes nothing', async () => {
    await started({ topics: [] });
    member.subscribe(['t', 'u']);
    await turns();
    expect(stage.coordinator.heartbeats.map((heartbeat) => heartbeat.topics)).toEqual([['t', 'u']]);
    expect(() => member.subscribe(['t', 'no name'])).toThrow(expect.objectContaining({ code: 'GROUP_INVALID' }));
    stage.coordinator.failure = new TidemarkError('GROUP_FENCED', 'not a member');
    await stage.beat();
    stage.coordinator.failure = undefined;
    await stage.beat();
    expect(stage.coordinator.joins.map((join) => join.topics)).toEqual([[], ['t', 'u']]);
  });
});

describe('a static member', () => {
  test('says so in every call, and also when it stops', async () => {
    await started({ instanceId: 'shop-0' });
    await stage.beat();
    await member.stop({ deadlineMs: 1_000 });
    const calls = [...stage.coordinator.joins, ...stage.coordinator.heartbeats, ...stage.coordinator.left];
    expect(calls.map((call) => call.instanceId)).toEqual(['shop-0', 'shop-0', 'shop-0']);
  });

  test('whose successor has joined stays away for good, and says so to those who poll', async () => {
    stage.coordinator.own([owned(0)]);
    await started({ instanceId: 'shop-0' });
    const polled = member.poll({ ...ALL, maxRecords: 1, waitMs: 60_000 });
    expect(await polled).toHaveLength(1);
    stage.coordinator.failure = new TidemarkError('GROUP_INSTANCE_TAKEN', 'replaced');
    await stage.beat();
    stage.coordinator.failure = undefined;
    await expect(member.poll(ALL)).rejects.toMatchObject({ code: 'GROUP_INSTANCE_TAKEN' });
    await stage.time.advance(10 * SESSION_MS);
    expect(stage.coordinator.joins).toHaveLength(1);
    expect(member.status()).toMatchObject({ joined: false, partitions: 0, bufferedBytes: 0, leaseLeftMs: 0 });
    expect(stage.events).toEqual(['assigned 0', 'lost 0', 'error GROUP_INSTANCE_TAKEN']);
  });
});

describe('a group that decides by itself', () => {
  test('how long its members may believe it: a shorter lease than their session', async () => {
    stage.coordinator.view = { ...stage.coordinator.view, leaseMs: 1_500, heartbeatMs: 700 };
    stage.coordinator.own([owned(0)]);
    await started();
    expect(member.status().leaseLeftMs).toBe(1_500);
    await stage.time.advance(700);
    expect(stage.coordinator.heartbeats).toHaveLength(1);
    stage.coordinator.failure = new TidemarkError('KAFKA_UNREACHABLE', 'gone');
    await stage.time.advance(1_499);
    expect(await member.poll({ ...ALL, maxRecords: 1 })).toHaveLength(1);
    await stage.time.advance(1);
    expect(await member.poll(ALL)).toEqual([]);
  });

  test('never how long they may be silent for longer than their session', async () => {
    stage.coordinator.view = { ...stage.coordinator.view, leaseMs: 10 * SESSION_MS, heartbeatMs: SESSION_MS };
    await started();
    expect(member.status().leaseLeftMs).toBe(SESSION_MS);
    await stage.beat();
    expect(stage.coordinator.heartbeats).toHaveLength(1);
  });
});

test('a log that has lost its end is read on where it ends now, and only then', async () => {
  stage.coordinator.own([owned(0, 1n, 2_000n)]);
  await started();
  expect(await member.poll(ALL)).toEqual([]);
  stage.source.hasLostItsEnd = true;
  expect(await member.poll(ALL)).toEqual([]);
  expect(stage.events).toEqual(['assigned 0', 'skipped 0 from 2000 to 1000']);
  stage.source.hasLostItsEnd = false;
  stage.source.endOffset = 1_005n;
  expect(offsetsOf(await member.poll(ALL))).toEqual({ 0: '1000-1004' });
  await member.commit();
  expect(stage.coordinator.commits[0]!.offsets[0]!.nextOffset).toBe(1_005n);
});
