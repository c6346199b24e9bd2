import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { API, type Frame, leaderOf, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import type { GroupMemberOptions } from '../src/groups/group-member-options.ts';
import type { GroupProtocol } from '../src/kafka-groups/kafka-group-coordinator.ts';
import { type KafkaWorld, kafkaWorld } from './group-conformance/kafka-world.ts';
import { places, TestMember } from './group-conformance/test-member.ts';

const WITHIN_MS = 40_000;
/** Kafka's numbers of the requests by which members stay in their group. */
const HEARTBEAT: Readonly<Record<GroupProtocol, number>> = { consumer: 68, classic: 12 };

whereKafkaRuns(describe)('a member of a Kafka group, on a bad network', () => {
  describe.each(['consumer', 'classic'] as const)('by the %s protocol', onBadNetwork);
});

function onBadNetwork(protocol: GroupProtocol): void {
  let world: KafkaWorld;
  const started: TestMember[] = [];
  const events: string[] = [];

  beforeAll(async () => {
    world = await kafkaWorld('proxied', 3, protocol);
  });

  afterEach(async () => {
    world.kafka.proxy.clearRules();
    await Promise.all(started.splice(0).map((member) => member.stop()));
    events.length = 0;
  });

  afterAll(() => world?.stop());

  async function start(name: string, topic: string, options: Partial<GroupMemberOptions> = {}): Promise<TestMember> {
    const member = await TestMember.start(world, name, { group: `g-${topic}`, topics: [topic], ...options }, events);
    started.push(member);
    return member;
  }

  const owns = (member: TestMember, partitions: number): Promise<void> =>
    eventually(() => expect(member.member.status().partitions).toBe(partitions), WITHIN_MS);

  async function handle(members: readonly TestMember[], wanted: ReadonlySet<string>): Promise<void> {
    await eventually(async () => {
      for (const member of members) await member.pollAndCommit();
      expect(new Set(members.flatMap((member) => member.handed))).toEqual(wanted);
    }, WITHIN_MS);
  }

  const answerTo = (apiKey: number) => (frame: Frame) => frame.apiKey === apiKey && frame.direction === 'response';

  test('keeps what it owns when answers to heartbeats are lost, also those that give and take', async () => {
    await world.createTopic('lossy', 4);
    const first = await start('first', 'lossy');
    await owns(first, 4);
    let answers = 0;
    const isHeartbeat = answerTo(HEARTBEAT[protocol]);
    world.kafka.proxy.addRule((frame) => (isHeartbeat(frame) && (answers += 1) % 3 !== 0 ? 'cut' : undefined));
    const second = await start('second', 'lossy');
    await Promise.all([owns(first, 2), owns(second, 2)]);
    world.kafka.proxy.clearRules();
    for (let partition = 0; partition < 4; partition += 1) await world.write('lossy', partition, 2);
    await handle([first, second], places([0, 1, 2, 3], 0, 2));
    expect(events.filter((event) => event.startsWith('first assigned'))).toHaveLength(4);
    expect(events.filter((event) => event.startsWith('first released'))).toHaveLength(2);
    expect(events.filter((event) => event.includes('lost'))).toEqual([]);
  });

  test('knows what is committed after the answer to a commit was lost', async () => {
    await world.createTopic('unanswered', 1);
    const member = await start('member', 'unanswered');
    await owns(member, 1);
    await world.write('unanswered', 0, 4);
    await eventually(async () => {
      await member.poll();
      expect(member.handed).toHaveLength(4);
    }, WITHIN_MS);
    const lost = world.kafka.proxy.next(answerTo(API.offsetCommit), 'cut');
    await expect(member.member.commit()).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    await lost;
    const back = { topic: 'unanswered', partition: 0, nextOffset: 2n };
    await eventually(
      () => expect(member.member.commit({ offsets: [back] })).rejects.toMatchObject({ code: 'GROUP_INVALID' }),
      WITHIN_MS,
    );
    await member.member.commit();
    expect((await world.committed('g-unanswered', 'unanswered')).get(0)).toBe(4n);
  });

  test('goes on when brokers die: leaders and coordinator move, nothing is lost, and nothing goes back', async () => {
    await world.createTopic('moving', 6);
    const all = [0, 1, 2, 3, 4, 5];
    const [a, b] = [await start('a', 'moving'), await start('b', 'moving')];
    await Promise.all([owns(a, 3), owns(b, 3)]);
    let written = 0;
    for (const broker of world.kafka.brokers.slice(0, 2)) {
      for (const partition of all) await world.write('moving', partition, 5);
      written += 5;
      await handle([a, b], places(all, 0, written));
      await broker.kill();
      await eventually(async () => {
        for (const partition of all) {
          expect(await leaderOf(world.kafka.bootstrap, 'moving', partition)).not.toBe(broker.id);
        }
      }, WITHIN_MS);
      for (const partition of all) await world.write('moving', partition, 5);
      written += 5;
      await eventually(async () => {
        for (const member of [a, b]) {
          await member.poll().catch(() => undefined);
          await member.member.commit().catch(() => undefined);
        }
        expect(new Set([...a.handed, ...b.handed])).toEqual(places(all, 0, written));
      }, WITHIN_MS);
      await broker.start();
    }
    await eventually(async () => {
      await a.pollAndCommit();
      await b.pollAndCommit();
      const committed = await world.committed('g-moving', 'moving');
      expect(all.map((partition) => committed.get(partition))).toEqual(all.map(() => BigInt(written)));
    }, WITHIN_MS);
  }, 180_000);

  test('with an instance id has its place kept over a restart, and no partition of another one moves', async () => {
    await world.createTopic('static', 4);
    const options = (instanceId: string): Partial<GroupMemberOptions> => ({ instanceId });
    const [a, b] = [await start('a', 'static', options('pod-a')), await start('b', 'static', options('pod-b'))];
    await Promise.all([owns(a, 2), owns(b, 2)]);
    const mine = events.filter((event) => event.startsWith('a assigned')).map((event) => event.at(-1));
    const kept = new Set(mine.filter((partition) => !events.includes(`a released ${partition}`)));
    events.length = 0;
    started.splice(started.indexOf(a), 1);
    await a.stop();
    const successor = await start('successor', 'static', options('pod-a'));
    await owns(successor, 2);
    expect(new Set(events.filter((event) => event.startsWith('successor')).map((event) => event.at(-1)))).toEqual(kept);
    expect(events.filter((event) => event.startsWith('b '))).toEqual([]);
  });
}
