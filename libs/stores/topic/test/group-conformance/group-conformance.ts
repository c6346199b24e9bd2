import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import type { GroupMemberOptions } from '../../src/groups/group-member-options.ts';
import type { GroupView } from '../../src/groups/group.ts';
import type { GroupCoordinator } from '../../src/groups/ports.ts';
import type { GroupWorld } from './group-world.ts';
import { places, TestMember } from './test-member.ts';

const WITHIN_MS = 30_000;

/** What holds for members of groups whatever keeps the group and the records. */
export function groupsBehave(world: () => GroupWorld): void {
  const started: TestMember[] = [];
  let topics = 0;

  afterEach(async () => {
    await Promise.all(started.splice(0).map((member) => member.stop()));
  });

  async function topicOf(partitions: number): Promise<string> {
    const topic = `conformance-${(topics += 1)}`;
    await world().createTopic(topic, partitions);
    return topic;
  }

  async function start(
    name: string,
    topic: string,
    options: Partial<GroupMemberOptions> = {},
    events?: string[],
  ): Promise<TestMember> {
    const member = await TestMember.start(world(), name, { group: `g-${topic}`, topics: [topic], ...options }, events);
    started.push(member);
    return member;
  }

  async function stop(member: TestMember): Promise<void> {
    started.splice(started.indexOf(member), 1);
    await member.stop();
  }

  const owns = (member: TestMember, partitions: number): Promise<void> =>
    eventually(() => expect(member.member.status().partitions).toBe(partitions), WITHIN_MS);

  async function handles(members: readonly TestMember[], wanted: ReadonlySet<string>): Promise<void> {
    await eventually(async () => {
      for (const member of members) await member.pollAndCommit();
      expect(new Set(members.flatMap((member) => member.handed))).toEqual(wanted);
    }, WITHIN_MS);
  }

  test('members share the partitions, each record is handed out once, and who leaves hands over', async () => {
    const topic = await topicOf(4);
    for (let partition = 0; partition < 4; partition += 1) await world().write(topic, partition, 5);
    const [a, b] = [await start('a', topic), await start('b', topic)];
    await Promise.all([owns(a, 2), owns(b, 2)]);
    await handles([a, b], places([0, 1, 2, 3], 0, 5));
    expect(a.handed.length + b.handed.length).toBe(20);

    await stop(b);
    for (let partition = 0; partition < 4; partition += 1) await world().write(topic, partition, 1);
    const before = a.handed.splice(0);
    await handles([a], places([0, 1, 2, 3], 5, 6));
    expect(before.filter((place) => a.handed.includes(place))).toEqual([]);
    const committed = await world().committed(`g-${topic}`, topic);
    expect([...committed].sort(([x], [y]) => x - y)).toEqual([0, 1, 2, 3].map((partition) => [partition, 6n]));
  });

  test('a silent member has stopped before another one goes on behind what it has committed', async () => {
    const topic = await topicOf(2);
    await world().write(topic, 0, 10);
    await world().write(topic, 1, 10);
    const events: string[] = [];
    const silent = await start('silent', topic, {}, events);
    await owns(silent, 2);
    await handles([silent], places([0, 1], 0, 10));
    await world().write(topic, 0, 5);
    await eventually(async () => expect(await silent.poll()).toHaveLength(5), WITHIN_MS);
    silent.cut();
    const heir = await start('heir', topic, {}, events);
    await handles([heir], places([0], 10, 15));
    await owns(heir, 2);
    expect(await silent.poll()).toEqual([]);
    expect(events).toEqual(expect.arrayContaining(['silent lost 0', 'silent lost 1']));
    const late = { topic, partition: 0, nextOffset: 12n };
    await expect(silent.member.commit({ offsets: [late] })).rejects.toMatchObject({ code: 'GROUP_FENCED' });
    silent.mend();
    await Promise.all([owns(silent, 1), owns(heir, 1)]);
    expect((await world().committed(`g-${topic}`, topic)).get(0)).toBe(15n);
  });

  test('a handover waits until what was handed out is committed, and goes on right behind it', async () => {
    const topic = await topicOf(2);
    for (const partition of [0, 1]) await world().write(topic, partition, 3);
    const events: string[] = [];
    const first = await start('first', topic, {}, events);
    await eventually(async () => {
      await first.poll();
      expect(new Set(first.handed)).toEqual(places([0, 1], 0, 3));
    }, WITHIN_MS);
    const second = await start('second', topic, {}, events);
    const revoking = await eventually(() => {
      const event = events.find((each) => each.startsWith('first revoking'));
      if (event === undefined) throw new Error('nothing is asked for');
      return Number(event.at(-1));
    }, WITHIN_MS);
    for (const partition of [0, 1]) await world().write(topic, partition, 3);
    expect(await second.poll()).toEqual([]);
    expect(events.some((event) => event.startsWith('second assigned'))).toBe(false);
    await first.member.commit();
    await eventually(async () => {
      await second.pollAndCommit();
      expect(second.handed).toEqual([...places([revoking], 3, 6)]);
    }, WITHIN_MS);
    await handles([first], new Set([...places([0, 1], 0, 3), ...places([1 - revoking], 3, 6)]));
  });

  test('a member seeks back, and its successor begins at what was committed', async () => {
    const topic = await topicOf(1);
    await world().write(topic, 0, 10);
    const first = await start('first', topic);
    await eventually(async () => expect(await first.poll({ maxRecords: 6 })).toHaveLength(6), WITHIN_MS);
    await first.member.commit({ offsets: [{ topic, partition: 0, nextOffset: 4n }] });
    first.member.seek({ topic, partition: 0 }, 2n);
    await eventually(async () => expect((await first.poll())[0]).toBe('0/2'), WITHIN_MS);
    await stop(first);
    const second = await start('second', topic);
    await eventually(async () => expect((await second.poll())[0]).toBe('0/4'), WITHIN_MS);
  });

  test('a group starts where it is told', async () => {
    const topic = await topicOf(1);
    await world().write(topic, 0, 3);
    const written = Date.now();
    const time = await eventually(() => {
      if (Date.now() <= written + 1) throw new Error('a clock stands still');
      return new Date();
    });
    await world().write(topic, 0, 3);
    const starts = {
      earliest: { from: 'earliest' },
      latest: { from: 'latest' },
      time: { from: 'time', time },
      offset: { from: 'offset', offsets: [{ topic, partition: 0, offset: 5n }] },
    } as const;
    const first = { earliest: '0/0', latest: '0/6', time: '0/3', offset: '0/5' };
    const members = await Promise.all(
      Object.entries(starts).map(async ([name, start_]) => {
        const member = await start(name, topic, { group: `${name}-${topic}`, start: start_ });
        await owns(member, 1);
        return { name: name as keyof typeof first, member };
      }),
    );
    await world().write(topic, 0, 1);
    for (const { name, member } of members) {
      await eventually(async () => {
        await member.poll();
        expect([name, member.handed[0]]).toEqual([name, first[name]]);
      }, WITHIN_MS);
    }
  });

  test('the successor of a static member takes over at once, and its predecessor stays away', async () => {
    const topic = await topicOf(4);
    const events: string[] = [];
    const [a, b] = [
      await start('a', topic, { instanceId: 'pod-a' }),
      await start('b', topic, { instanceId: 'pod-b' }, events),
    ];
    await Promise.all([owns(a, 2), owns(b, 2)]);
    events.length = 0;
    // As if it had crashed.
    a.cut();
    const successor = await start('successor', topic, { instanceId: 'pod-a' });
    await owns(successor, 2);
    a.mend();
    await eventually(
      () =>
        expect(a.member.poll({ maxRecords: 1, maxBytes: 1, waitMs: 0 })).rejects.toMatchObject({
          code: 'GROUP_INSTANCE_TAKEN',
        }),
      WITHIN_MS,
    );
    for (let partition = 0; partition < 4; partition += 1) await world().write(topic, partition, 1);
    await handles([successor, b], places([0, 1, 2, 3], 0, 1));
    expect(events).toEqual([]);
  });

  test('a member without topics waits for some, and gives up those that it drops', async () => {
    const [first, second] = [await topicOf(1), await topicOf(1)];
    for (const topic of [first, second]) await world().write(topic, 0, 1);
    const member = await start('member', first, { topics: [] });
    await eventually(() => expect(member.member.status().joined).toBe(true), WITHIN_MS);
    member.member.subscribe([first]);
    await handles([member], new Set(['0/0']));
    expect(member.records.map((record) => record.topic)).toEqual([first]);
    member.member.subscribe([second]);
    await eventually(async () => {
      await member.pollAndCommit();
      expect(member.records.map((record) => record.topic)).toEqual([first, second]);
    }, WITHIN_MS);
    await owns(member, 1);
  });

  test('only the owner commits, never before what is committed', async () => {
    const topic = await topicOf(1);
    await world().write(topic, 0, 5);
    const connection = await world().connect();
    const { coordinator } = connection;
    try {
      const member = { group: `raw-${topic}`, memberId: randomUUID() };
      const view = await owning(coordinator, member, topic);
      const [owned] = view.owned;
      const commit = (nextOffset: bigint, assignmentEpoch = owned!.assignmentEpoch): Promise<void> =>
        coordinator.commit({ ...member, offsets: [{ topic, partition: 0, nextOffset, assignmentEpoch }] });
      await commit(3n);
      await expect(commit(2n)).rejects.toMatchObject({ code: 'GROUP_INVALID' });
      await expect(commit(4n, owned!.assignmentEpoch + 1n)).rejects.toMatchObject({ code: 'GROUP_FENCED' });
      await coordinator.leave(member);
      await expect(commit(5n)).rejects.toMatchObject({ code: 'GROUP_FENCED' });
      await expect(coordinator.heartbeat({ ...member, topics: [topic], released: [] })).rejects.toMatchObject({
        code: 'GROUP_FENCED',
      });
      expect(await world().committed(member.group, topic)).toEqual(new Map([[0, 3n]]));
    } finally {
      await connection.close();
    }
  });
}

/** Joins, and says that the member is alive until it owns all it can. */
async function owning(
  coordinator: GroupCoordinator,
  member: { readonly group: string; readonly memberId: string },
  topic: string,
): Promise<GroupView> {
  await eventually(
    () =>
      coordinator.join({
        ...member,
        topics: [topic],
        client: {},
        sessionTimeoutMs: 60_000,
        handoverTimeoutMs: 60_000,
        start: { from: 'earliest' },
      }),
    WITHIN_MS,
  );
  return await eventually(async () => {
    const view = await coordinator.heartbeat({ ...member, topics: [topic], released: [] });
    expect(view.owned).toHaveLength(1);
    return view;
  }, WITHIN_MS);
}
