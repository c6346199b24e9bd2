import { beforeEach, describe, expect, test } from '@jest/globals';
import { TidemarkError } from '#libs/foundation/kernel';
import { KAFKA_ERROR } from '#libs/foundation/kafka';
import type { GroupStart, GroupView } from '../src/groups/group.ts';
import { KafkaGroupCoordinator } from '../src/kafka-groups/kafka-group-coordinator.ts';
import { ScriptedBroker } from './kafka-groups-broker.ts';

const MEMBER = { group: 'g', memberId: 'bd3f1e0e-6c0a-4f3a-8a51-7d3f8a9a0001' };
const UNREACHABLE = new TidemarkError('KAFKA_UNREACHABLE', 'no answer');

let broker: ScriptedBroker;
let troubles: unknown[];
let groups: KafkaGroupCoordinator;
let now: number;

beforeEach(() => {
  broker = new ScriptedBroker();
  troubles = [];
  now = 0;
  groups = new KafkaGroupCoordinator({
    client: broker,
    onTrouble: (error) => troubles.push(error),
    clock: { now: () => now },
    wallClock: { now: () => Date.UTC(2026, 0, 1) },
  });
});

function join(start: GroupStart = { from: 'earliest' }, instanceId?: string): Promise<GroupView> {
  const request = { ...MEMBER, topics: ['t'], client: {}, sessionTimeoutMs: 10_000, handoverTimeoutMs: 40_000, start };
  return groups.join(instanceId === undefined ? request : { ...request, instanceId });
}

function beat(released: readonly { partition: number; assignmentEpoch: bigint }[] = []): Promise<GroupView> {
  return groups.heartbeat({ ...MEMBER, topics: ['t'], released: released.map((each) => ({ topic: 't', ...each })) });
}

function commit(view: GroupView, partition: number, nextOffset: bigint): Promise<void> {
  const owned = view.owned.find((each) => each.partition === partition)!;
  return groups.commit({ ...MEMBER, offsets: [{ ...owned, nextOffset }] });
}

const partitions = (of: readonly { partition: number }[]): number[] => of.map((each) => each.partition);

describe('what a member owns', () => {
  test('is what the group assigns, until it is released; from then on it is not named, whatever answers are lost', async () => {
    broker.assign(1, [0, 1]);
    const joined = await join();
    expect(partitions(joined.owned)).toEqual([0, 1]);
    broker.assign(1, [0]);
    const asked = await beat();
    expect([partitions(asked.owned), partitions(asked.revoke)]).toEqual([[0, 1], [1]]);
    expect(broker.heartbeats.at(-1)!.owned).toEqual([{ topicId: 'id-t', partitions: [0, 1] }]);

    broker.failure = UNREACHABLE;
    await expect(beat([joined.owned[1]!])).rejects.toBe(UNREACHABLE);
    broker.failure = undefined;
    expect(partitions((await beat()).owned)).toEqual([0]);
    expect(broker.heartbeats.at(-1)!.owned).toEqual([{ topicId: 'id-t', partitions: [0] }]);

    broker.assign(2, [0, 1]);
    const again = await beat();
    expect(again.owned[1]!.assignmentEpoch).toBeGreaterThan(joined.owned[1]!.assignmentEpoch);
    await expect(commit(joined, 1, 5n)).rejects.toMatchObject({ code: 'GROUP_FENCED' });
  });

  test('waits for offsets that a transaction is about to commit', async () => {
    broker.unstable.add('t/1');
    broker.assign(1, [0, 1]);
    const view = await join();
    expect([partitions(view.owned), partitions(view.waiting)]).toEqual([[0], [1]]);
    broker.unstable.clear();
    broker.committed.set('t/1', { offset: 9n, metadata: '' });
    expect((await beat()).owned[1]).toMatchObject({ partition: 1, nextOffset: 9n });
  });

  test('is nothing of a topic that it has not heard of yet, or that is gone', async () => {
    broker.topicIds = {};
    broker.assign(1, [0]);
    expect(await join()).toMatchObject({ owned: [], unknownTopics: ['t'] });
    broker.topicIds = { t: 'id-t' };
    expect(partitions((await beat()).owned)).toEqual([0]);
    broker.topicIds = { t: 'id-of-another' };
    broker.assign(2, [0], 'id-of-another');
    const renewed = await beat();
    expect(renewed).toMatchObject({ revoke: [], unknownTopics: [] });
    expect(renewed.owned).toHaveLength(1);
    expect(broker.heartbeats.at(-1)!.owned).toEqual([{ topicId: 'id-t', partitions: [0] }]);
  });

  test('is believed for less than the group’s session timeout, or for a heartbeat interval where that is hidden', async () => {
    expect(await join()).toMatchObject({ leaseMs: 42_750 });
    now += 60_000;
    broker.configs = undefined;
    expect(await beat()).toMatchObject({ leaseMs: 5_000, heartbeatMs: 1_666 });
  });

  test('ends with the membership; under another epoch the group is told to forget the member', async () => {
    broker.assign(1, [0]);
    const view = await join();
    broker.answer = { ...broker.answer, errorCode: KAFKA_ERROR.FENCED_MEMBER_EPOCH };
    await expect(beat()).rejects.toMatchObject({ code: 'GROUP_FENCED' });
    expect(broker.heartbeats.at(-1)).toMatchObject({ memberId: MEMBER.memberId, memberEpoch: -1, owned: [] });
    await expect(commit(view, 0, 1n)).rejects.toMatchObject({ code: 'GROUP_FENCED' });
    await expect(beat()).rejects.toMatchObject({ code: 'GROUP_FENCED' });
  });

  test('of an instance that is not free, or has been taken', async () => {
    broker.answer = { ...broker.answer, errorCode: KAFKA_ERROR.UNRELEASED_INSTANCE_ID };
    await expect(join(undefined, 'pod-0')).rejects.toMatchObject({ code: 'KAFKA_REFUSED' });
    broker.answer = { ...broker.answer, errorCode: 0 };
    await join(undefined, 'pod-0');
    broker.answer = { ...broker.answer, errorCode: KAFKA_ERROR.FENCED_INSTANCE_ID };
    await expect(beat()).rejects.toMatchObject({ code: 'GROUP_INSTANCE_TAKEN' });
    broker.answer = { ...broker.answer, errorCode: 0 };
    await groups.leave(MEMBER);
    expect(broker.heartbeats.at(-1)).toMatchObject({ memberEpoch: -2, instanceId: 'pod-0' });
  });
});

describe('where a group starts', () => {
  test('is committed at once, with the moment for those that start at the end', async () => {
    broker.assign(1, [0]);
    expect((await join({ from: 'latest' })).owned[0]).toMatchObject({ nextOffset: 100n });
    const mark = 'tidemark-start:2026-01-01T00:00:00.000Z';
    expect(broker.committed.get('t/0')).toMatchObject({ offset: 100n, metadata: mark });
    // Another one, which was added later or belongs to another member, starts at that moment.
    broker.assign(2, [0, 1]);
    const view = await beat();
    expect(view.owned[1]).toMatchObject({ nextOffset: 50n });
    await commit(view, 0, 101n);
    expect(broker.committed.get('t/0')).toMatchObject({ offset: 101n, metadata: mark });
  });

  test('is the beginning of a partition that was added to what others have read', async () => {
    broker.committed.set('t/0', { offset: 7n, metadata: 'by another client' });
    broker.assign(1, [0, 1]);
    expect((await join({ from: 'latest' })).owned.map((owned) => owned.nextOffset)).toEqual([7n, 0n]);
  });

  test('may be given, or a time; nothing older than the time is left: then the end', async () => {
    broker.assign(1, [0, 1]);
    const offsets = [{ topic: 't', partition: 1, offset: 33n }];
    expect((await join({ from: 'offset', offsets })).owned.map((owned) => owned.nextOffset)).toEqual([0n, 33n]);
    broker.committed.clear();
    expect((await join({ from: 'time', time: new Date(1) })).owned[0]!.nextOffset).toBe(50n);
    broker.committed.clear();
    broker.ends.since = -1n;
    expect((await join({ from: 'time', time: new Date(1) })).owned[0]!.nextOffset).toBe(100n);
  });
});

describe('a commit', () => {
  let view: GroupView;

  beforeEach(async () => {
    broker.assign(1, [0, 1]);
    view = await join();
    broker.commits.length = 0;
  });

  test('that an epoch has overtaken is made again under the new one', async () => {
    broker.commitCodes = [KAFKA_ERROR.STALE_MEMBER_EPOCH];
    broker.assign(5, [0, 1]);
    await commit(view, 0, 10n);
    expect(broker.commits.map((each) => each.epoch)).toEqual([1, 5]);
    expect(broker.committed.get('t/0')?.offset).toBe(10n);
  });

  test('is not made again over a later one', async () => {
    let open = (): void => undefined;
    broker.gate = new Promise((resolve) => (open = resolve));
    broker.commitCodes = [KAFKA_ERROR.STALE_MEMBER_EPOCH];
    const [earlier, later] = [commit(view, 0, 10n), commit(view, 0, 20n)];
    open();
    await Promise.all([earlier, later]);
    expect(broker.commits.map((each) => each.offsets[0]!.offset)).toEqual([10n, 20n]);
    expect(broker.committed.get('t/0')?.offset).toBe(20n);
  });

  test('gives up when the group goes on changing', async () => {
    broker.commitCodes = Array.from({ length: 9 }, () => KAFKA_ERROR.STALE_MEMBER_EPOCH);
    await expect(commit(view, 0, 10n)).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    expect(broker.commits).toHaveLength(5);
  });

  test('that the group refuses ends the membership', async () => {
    broker.commitCodes = [KAFKA_ERROR.UNKNOWN_MEMBER_ID];
    await expect(commit(view, 0, 10n)).rejects.toMatchObject({ code: 'GROUP_FENCED' });
    await expect(beat()).rejects.toMatchObject({ code: 'GROUP_FENCED' });
  });

  test('without an answer leaves a doubt, which is read away before the next one', async () => {
    broker.failure = UNREACHABLE;
    await expect(commit(view, 0, 10n)).rejects.toBe(UNREACHABLE);
    broker.failure = undefined;
    broker.committed.set('t/0', { offset: 10n, metadata: '' });
    await expect(commit(view, 0, 4n)).rejects.toMatchObject({ code: 'GROUP_INVALID' });
    expect((await beat()).owned[0]!.nextOffset).toBe(10n);
  });

  test('goes back only where the log has lost its end', async () => {
    await commit(view, 0, 10n);
    await expect(commit(view, 0, 9n)).rejects.toMatchObject({ code: 'GROUP_INVALID' });
    await groups.rewind({ topic: 't', partition: 0 }, 6n);
    expect(broker.committed.get('t/0')?.offset).toBe(6n);
    await commit(view, 0, 7n);
    await groups.rewind({ topic: 't', partition: 0 }, 8n);
    expect(broker.committed.get('t/0')?.offset).toBe(7n);
  });

  test('is for the owner alone, and no part of a transaction of Postgres', async () => {
    const [owned] = view.owned;
    const offsets = [{ ...owned!, nextOffset: 1n }];
    const other = { ...MEMBER, memberId: 'bd3f1e0e-6c0a-4f3a-8a51-7d3f8a9a0002' };
    await expect(groups.commit({ ...other, offsets })).rejects.toMatchObject({ code: 'GROUP_FENCED' });
    const tx = { query: () => Promise.reject(new Error('not for this')) } as never;
    await expect(groups.commit({ ...MEMBER, offsets }, tx)).rejects.toMatchObject({ code: 'GROUP_INVALID' });
    expect(broker.commits).toEqual([]);
  });
});
