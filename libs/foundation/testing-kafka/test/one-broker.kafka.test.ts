import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { API, createTopic, type KafkaCluster, startKafka, whereKafkaRuns } from '../src/index.ts';
import { highWatermark, read, write } from './write-and-read.ts';

whereKafkaRuns(describe)('a broker of a test', () => {
  let kafka: KafkaCluster;

  beforeAll(async () => {
    kafka = await startKafka({ doors: ['proxied'] });
  });

  afterAll(() => kafka?.stop());

  test('keeps what was written when it is killed and started again', async () => {
    await createTopic(kafka.bootstrap, { topic: 'kept' });
    await write(kafka.bootstrap, 'kept', ['a', 'b', 'c']);
    const before = kafka.brokers[0]!.pid;
    await kafka.brokers[0]!.kill();
    expect(kafka.brokers[0]!.running).toBe(false);
    await kafka.brokers[0]!.start();
    expect(kafka.brokers[0]!.pid).not.toBe(before);
    expect(await read(kafka.bootstrap, 'kept', 3)).toEqual(['a', 'b', 'c']);
  });

  test('loses the end of its log when it is told to', async () => {
    await createTopic(kafka.bootstrap, { topic: 'lossy' });
    await write(kafka.bootstrap, 'lossy', ['a', 'b', 'c', 'd']);
    await kafka.brokers[0]!.kill();
    const remains = await kafka.brokers[0]!.loseUnflushed('lossy', 0, { keepRecords: 2 });
    expect(remains).toEqual({ logEnd: 2n, recordsLost: 2 });
    await kafka.brokers[0]!.start();
    await write(kafka.bootstrap, 'lossy', ['e']);
    expect(await read(kafka.bootstrap, 'lossy', 3)).toEqual(['a', 'b', 'e']);
  });

  test('finds a torn batch at the end of its log and drops it', async () => {
    await createTopic(kafka.bootstrap, { topic: 'torn' });
    await write(kafka.bootstrap, 'torn', ['a', 'b']);
    await kafka.brokers[0]!.kill();
    const remains = await kafka.brokers[0]!.loseUnflushed('torn', 0, { keepBytes: 100 });
    expect(remains).toEqual({ logEnd: 1n, recordsLost: 1 });
    await kafka.brokers[0]!.start();
    expect(await highWatermark(kafka.bootstrap, 'torn')).toBe(1n);
  });

  test('stays as it is when a second Kafka comes and goes', async () => {
    await createTopic(kafka.bootstrap, { topic: 'mine' });
    const other = await startKafka();
    try {
      expect(other.bootstrap).not.toBe(kafka.bootstrap);
      await createTopic(other.bootstrap, { topic: 'mine' });
      await write(kafka.bootstrap, 'mine', ['a']);
      expect(await highWatermark(other.bootstrap, 'mine')).toBe(0n);
    } finally {
      await other.stop();
    }
    expect(await highWatermark(kafka.bootstrap, 'mine')).toBe(1n);
  });

  test('the proxy loses an answer after the broker has done the work', async () => {
    await createTopic(kafka.bootstrap, { topic: 'doubled' });
    const lost = kafka.proxy.next((frame) => frame.direction === 'response' && frame.apiKey === API.produce, 'cut');
    // Not idempotent: the producer sends it again, and the topic shows that the first one had arrived.
    await write(kafka.bootstrapOf('proxied'), 'doubled', ['a']);
    expect((await lost).broker).toBe(1);
    expect(await read(kafka.bootstrap, 'doubled', 2)).toEqual(['a', 'a']);
  });
});
