import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { kafkaTool, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import type { GroupProtocol } from '../src/kafka-groups/kafka-group-coordinator.ts';
import { type KafkaWorld, kafkaWorld } from './group-conformance/kafka-world.ts';
import { places, TestMember } from './group-conformance/test-member.ts';

const WITHIN_MS = 40_000;
const ALL = [0, 1, 2, 3];
const PROPERTIES: Readonly<Record<GroupProtocol, readonly string[]>> = {
  consumer: ['group.protocol=consumer'],
  classic: [
    'group.protocol=classic',
    'partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    'session.timeout.ms=6000',
    'heartbeat.interval.ms=500',
  ],
};

whereKafkaRuns(describe)('a member in one group with Kafka’s own client', () => {
  describe.each(['consumer', 'classic'] as const)('by the %s protocol', share);
});

function share(protocol: GroupProtocol): void {
  let world: KafkaWorld;
  const started: TestMember[] = [];

  beforeAll(async () => {
    world = await kafkaWorld('plain', 1, protocol);
  });

  afterEach(() => Promise.all(started.splice(0).map((member) => member.stop())));

  afterAll(() => world?.stop());

  async function start(topic: string): Promise<TestMember> {
    const member = await TestMember.start(world, 'ours', { group: `g-${topic}`, topics: [topic] });
    started.push(member);
    return member;
  }

  /** Reads so many records with Kafka's console consumer, as a member of the group; answers which. */
  async function theirs(topic: string, records: number): Promise<string[]> {
    const given = Object.entries({
      '--bootstrap-server': world.kafka.bootstrap,
      '--topic': topic,
      '--group': `g-${topic}`,
      '--max-messages': String(records),
      '--timeout-ms': String(WITHIN_MS),
    });
    const properties = [...PROPERTIES[protocol], 'auto.offset.reset=earliest'];
    const args = [
      ...given.flat(),
      ...properties.flatMap((property) => ['--command-property', property]),
      ...['partition', 'offset'].flatMap((what) => ['--formatter-property', `print.${what}=true`]),
    ];
    const out = await kafkaTool(world.kafka.distribution, 'kafka-console-consumer', args);
    const lines = String(out).split('\n');
    return lines.flatMap((line) => {
      const found = /Partition:(\d+)\tOffset:(\d+)/.exec(line);
      return found === null ? [] : [`${found[1]}/${found[2]}`];
    });
  }

  const owns = (member: TestMember, partitions: number): Promise<void> =>
    eventually(() => expect(member.member.status().partitions).toBe(partitions), WITHIN_MS);

  /** Polls and commits while the other one reads. */
  async function handleBeside<T>(member: TestMember, other: Promise<T>): Promise<T> {
    const over = new AbortController();
    const ended = other.finally(() => over.abort());
    while (!over.signal.aborted) await member.pollAndCommit();
    return await ended;
  }

  test('shares the partitions with it, and takes them back', async () => {
    await world.createTopic('shared', 4);
    const member = await start('shared');
    await owns(member, 4);
    const reading = theirs('shared', 6);
    await handleBeside(member, owns(member, 2));
    for (const partition of ALL) await world.write('shared', partition, 3);
    const java = await handleBeside(member, reading);
    expect(java).toHaveLength(6);
    await eventually(async () => {
      await member.pollAndCommit();
      expect(new Set([...member.handed, ...java])).toEqual(places(ALL, 0, 3));
    }, WITHIN_MS);
    expect(member.handed.filter((place) => java.includes(place))).toEqual([]);
    await owns(member, 4);
  }, 120_000);

  test('joins a group that it leads, and gets its share', async () => {
    await world.createTopic('joined', 4);
    const reading = theirs('joined', 10);
    await eventually(async () => expect(await world.client.groupMembers('g-joined')).toBe(1), WITHIN_MS);
    const member = await start('joined');
    await owns(member, 2);
    for (const partition of ALL) await world.write('joined', partition, 5);
    const java = await handleBeside(member, reading);
    await eventually(async () => {
      await member.pollAndCommit();
      expect(new Set([...member.handed, ...java])).toEqual(places(ALL, 0, 5));
    }, WITHIN_MS);
    expect(member.handed.filter((place) => java.includes(place))).toEqual([]);
  }, 120_000);
}
