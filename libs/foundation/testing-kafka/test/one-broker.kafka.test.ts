import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { API, createTopic, type KafkaCluster, startKafka, whereKafkaRuns } from '../src/index.ts';
import { read, write } from './write-and-read.ts';

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

  test('the proxy loses an answer after the broker has done the work', async () => {
    await createTopic(kafka.bootstrap, { topic: 'doubled' });
    const lost = kafka.proxy.next((frame) => frame.direction === 'response' && frame.apiKey === API.produce, 'cut');
    // Not idempotent: the producer sends it again, and the topic shows that the first one had arrived.
    await write(kafka.bootstrapOf('proxied'), 'doubled', ['a']);
    expect((await lost).broker).toBe(1);
    expect(await read(kafka.bootstrap, 'doubled', 2)).toEqual(['a', 'a']);
  });
});
