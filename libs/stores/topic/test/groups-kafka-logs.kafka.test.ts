import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { encodeRecordBatch, type KafkaRecord } from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';
import { createTopic, deleteTopic, kafkaTool, leaderOf, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import type { GroupMemberOptions } from '../src/groups/group-member-options.ts';
import { MESSAGE_ID_HEADER, SCHEMA_ID_HEADER } from '../src/kafka/header-names.ts';
import { UNKNOWN_POSITION } from '../src/record.ts';
import { type KafkaWorld, kafkaWorld } from './group-conformance/kafka-world.ts';
import { places, TestMember } from './group-conformance/test-member.ts';

const WITHIN_MS = 30_000;
const MESSAGE_ID = 'bd3f1e0e-6c0a-4f3a-8a51-7d3f8a9a0001';

whereKafkaRuns(describe)('a member reads a log on a Kafka cluster', () => {
  let world: KafkaWorld;
  const started: TestMember[] = [];
  const events: string[] = [];

  beforeAll(async () => {
    world = await kafkaWorld();
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((member) => member.stop()));
    events.length = 0;
  });

  afterAll(() => world?.stop());

  async function start(topic: string, options: Partial<GroupMemberOptions> = {}): Promise<TestMember> {
    const member = await TestMember.start(world, 'm', { group: `g-${topic}`, topics: [topic], ...options }, events);
    started.push(member);
    return member;
  }

  async function handles(member: TestMember, wanted: ReadonlySet<string>): Promise<void> {
    await eventually(async () => {
      await member.pollAndCommit();
      expect(new Set(member.handed)).toEqual(wanted);
    }, WITHIN_MS);
  }

  async function send(topic: string, record: Partial<KafkaRecord>): Promise<void> {
    const full = { key: null, value: Buffer.from('x'), headers: [], timestampMs: 1_700_000_000_000, ...record };
    const bytes = encodeRecordBatch([full], { compression: 'none' });
    const leader = await leaderOf(world.kafka.bootstrap, topic, 0);
    await eventually(async () => {
      const { results } = await world.client.produce(leader, [{ topic, partition: 0, bytes }], 10_000);
      expect(results[0]?.errorCode).toBe(0);
    });
  }

  async function deleteRecords(topic: string, before: number): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'tidemark-delete-records-'));
    const file = join(folder, 'offsets.json');
    await writeFile(file, JSON.stringify({ partitions: [{ topic, partition: 0, offset: before }], version: 1 }));
    const args = ['--bootstrap-server', world.kafka.bootstrap, '--offset-json-file', file];
    await kafkaTool(world.kafka.distribution, 'kafka-delete-records', args);
    await rm(folder, { recursive: true });
  }

  test('with transactions: only what was committed, and commits behind the holes', async () => {
    await world.createTopic('transacted', 1);
    const producer = new Kafka({ brokers: world.kafka.bootstrap.split(','), logLevel: logLevel.NOTHING }).producer({
      transactionalId: 'writer',
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    try {
      const write = async (value: string) => {
        const transaction = await producer.transaction();
        await transaction.send({ topic: 'transacted', messages: [{ value }] });
        return transaction;
      };
      const first = await eventually(() => write('first'), WITHIN_MS);
      await first.commit();
      await (await write('never')).abort();
      const member = await start('transacted');
      await handles(member, new Set(['0/0']));
      // Behind the abort's marker: nothing is there, so nothing of it is waited for.
      await eventually(async () => {
        await member.pollAndCommit();
        expect((await world.committed('g-transacted', 'transacted')).get(0)).toBe(4n);
      }, WITHIN_MS);
      const open = await write('second');
      expect(await member.poll({ waitMs: 600 })).toEqual([]);
      await open.commit();
      await handles(member, new Set(['0/0', '0/4']));
      expect(member.records.map((record) => String(record.value))).toEqual(['first', 'second']);
    } finally {
      await producer.disconnect();
    }
  });

  test('with records of ours and of others: ids, schema and headers are the message’s own', async () => {
    await world.createTopic('mixed', 1);
    const header = (name: string, value: string): [string, Buffer] => [name, Buffer.from(value)];
    await send('mixed', {
      headers: [header('mine', 'yes'), header(MESSAGE_ID_HEADER, MESSAGE_ID), header(SCHEMA_ID_HEADER, '7')],
    });
    await send('mixed', { headers: [header('theirs', 'too')] });
    await send('mixed', { headers: [header('theirs', 'too')] });
    const [one, other] = [await start('mixed'), await start('mixed', { group: 'again' })];
    await handles(one, places([0], 0, 3));
    await handles(other, places([0], 0, 3));
    const [ours, theirs, next] = one.records;
    expect(ours).toMatchObject({ messageId: MESSAGE_ID, schemaId: 7, topic: 'mixed', position: UNKNOWN_POSITION });
    expect(ours!.headers).toEqual([header('mine', 'yes')]);
    expect(ours!.time).toEqual(new Date(1_700_000_000_000));
    expect(theirs).toMatchObject({ schemaId: null, headers: [header('theirs', 'too')] });
    expect(theirs!.messageId).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(next!.messageId).not.toBe(theirs!.messageId);
    expect(other.records.map((record) => record.messageId)).toEqual(one.records.map((record) => record.messageId));
  });

  test('that retention has cut: goes on at its beginning, and says what it has not seen', async () => {
    await world.createTopic('short', 1);
    await world.write('short', 0, 5);
    await world.write('short', 0, 5);
    await deleteRecords('short', 5);
    const start_ = { from: 'offset', offsets: [{ topic: 'short', partition: 0, offset: 2n }] } as const;
    await handles(await start('short', { start: start_ }), places([0], 5, 10));
    expect(events).toContain('m skipped 0 from 2 to 5');
  });

  test('of a topic that is created again: goes on with the new one from its start, and counts no commit of the old one', async () => {
    await world.createTopic('again', 1);
    await world.write('again', 0, 5);
    const member = await start('again');
    await handles(member, places([0], 0, 5));
    await world.write('again', 0, 1);
    await eventually(async () => expect(await member.poll()).toEqual(['0/5']), WITHIN_MS);
    await deleteTopic(world.kafka.bootstrap, 'again');
    await eventually(async () => expect((await world.client.metadata(['again'])).topics[0]?.id).toBeNull());
    await createTopic(world.kafka.bootstrap, { topic: 'again' });
    await world.write('again', 0, 8);
    member.handed.length = 0;
    await eventually(async () => {
      await member.poll();
      // What was read of the old one is the old one's.
      await member.member.commit().catch(() => undefined);
      expect(new Set(member.handed)).toEqual(places([0], 0, 8));
    }, WITHIN_MS);
    await eventually(async () => expect((await world.committed('g-again', 'again')).get(0)).toBe(8n), WITHIN_MS);
  });

  test('that grows: a group that starts at the end has the new partition from the moment on at which it began', async () => {
    await world.createTopic('growing', 1);
    await world.write('growing', 0, 3);
    const member = await start('growing', { start: { from: 'latest' } });
    await eventually(() => expect(member.member.status().partitions).toBe(1), WITHIN_MS);
    await world.client.createPartitions('growing', 2, 10_000);
    await world.write('growing', 1, 4);
    await world.write('growing', 0, 1);
    await handles(member, new Set(['0/3', ...places([1], 0, 4)]));
  });

  test('that has lost its end: goes on where it ends now, and commits that', async () => {
    await world.createTopic('torn', 1);
    for (let batch = 0; batch < 5; batch += 1) await world.write('torn', 0, 2);
    const member = await start('torn');
    await handles(member, places([0], 0, 10));
    const [broker] = world.kafka.brokers;
    await broker!.kill();
    expect(await broker!.loseUnflushed('torn', 0, { keepRecords: 6 })).toMatchObject({ logEnd: 6n });
    await broker!.start();
    await eventually(async () => {
      await member.poll().catch(() => undefined);
      expect(events).toContain('m skipped 0 from 10 to 6');
    }, WITHIN_MS);
    await eventually(async () => expect((await world.committed('g-torn', 'torn')).get(0)).toBe(6n), WITHIN_MS);
    member.handed.length = 0;
    await world.write('torn', 0, 7);
    await handles(member, places([0], 6, 13));
    expect((await world.committed('g-torn', 'torn')).get(0)).toBe(13n);
  }, 120_000);
});
