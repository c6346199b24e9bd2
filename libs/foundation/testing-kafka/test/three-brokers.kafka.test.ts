import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTopic, type KafkaCluster, leaderOf, startKafka, whereKafkaRuns } from '../src/index.ts';
import { eventually } from '#libs/foundation/testing';
import { read, write } from './write-and-read.ts';

whereKafkaRuns(describe)('three brokers of a test', () => {
  let kafka: KafkaCluster;

  beforeAll(async () => {
    kafka = await startKafka({ brokers: 3, config: { 'min.insync.replicas': '2' } });
  });

  afterAll(() => kafka?.stop());

  test('another broker leads when the leader is killed, and takes what is written', async () => {
    await createTopic(kafka.bootstrap, { topic: 'led', replicas: 3 });
    await write(kafka.bootstrap, 'led', ['before']);
    const first = await leaderOf(kafka.bootstrap, 'led', 0);
    await kafka.broker(first).kill();
    await eventually(async () => expect(await leaderOf(kafka.bootstrap, 'led', 0)).not.toBe(first), 20_000);
    await write(kafka.bootstrap, 'led', ['after']);
    expect(await read(kafka.bootstrap, 'led', 2)).toEqual(['before', 'after']);
    await kafka.broker(first).start();
  });

  test('another broker leads when the leader is paused, and the old one comes back', async () => {
    await createTopic(kafka.bootstrap, { topic: 'paused', replicas: 3 });
    const first = await leaderOf(kafka.bootstrap, 'paused', 0);
    kafka.broker(first).pause();
    try {
      await eventually(async () => expect(await leaderOf(others(kafka, first), 'paused', 0)).not.toBe(first), 20_000);
    } finally {
      kafka.broker(first).resume();
    }
    await write(kafka.bootstrap, 'paused', ['a']);
    expect(await read(kafka.bootstrap, 'paused', 1)).toEqual(['a']);
  });

  test('a wiped broker fetches what it had from the others', async () => {
    await createTopic(kafka.bootstrap, { topic: 'wiped', replicas: 3 });
    await write(kafka.bootstrap, 'wiped', ['a', 'b']);
    const leader = kafka.broker(await leaderOf(kafka.bootstrap, 'wiped', 0));
    await leader.stop();
    await leader.wipe();
    await leader.start();
    expect(await read(kafka.bootstrap, 'wiped', 2)).toEqual(['a', 'b']);
  });
});

/** The addresses of the brokers but this one. */
function others(kafka: KafkaCluster, id: number): string {
  return kafka.bootstrap
    .split(',')
    .filter((_, index) => kafka.brokers[index]!.id !== id)
    .join(',');
}
