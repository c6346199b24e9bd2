import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Producer } from '@platformatic/kafka';
import {
  consoleConsumer,
  createTopic,
  type KafkaCluster,
  kafkaTool,
  kcat,
  kcatMissing,
  type ReadRecord,
  startKafka,
  whereKafkaRuns,
} from '../src/index.ts';

const TIMESTAMP = 1_700_000_000_123n;
const noKcat = kcatMissing();

whereKafkaRuns(describe)('programs that read what is on a broker', () => {
  let kafka: KafkaCluster;

  beforeAll(async () => {
    kafka = await startKafka();
    await createTopic(kafka.bootstrap, { topic: 'records', partitions: 2 });
    const producer = new Producer({ clientId: 'tools test', bootstrapBrokers: kafka.bootstrap.split(',') });
    const place = { topic: 'records', partition: 1, timestamp: TIMESTAMP };
    await producer.send({
      messages: [
        {
          ...place,
          key: Buffer.from('k\n1'),
          value: Buffer.from([0, 10, 32, 255]),
          headers: new Map([
            [Buffer.from('first'), Buffer.from('1')],
            [Buffer.from('second'), Buffer.from('zwei=2')],
          ]),
        },
        { ...place, key: Buffer.from('gone') },
        { ...place, value: Buffer.from('no key') },
      ],
    });
    await producer.close();
  });

  afterAll(() => kafka?.stop());

  const expected = (): ReadRecord[] => [
    {
      partition: 1,
      offset: 0n,
      timestamp: TIMESTAMP,
      key: Buffer.from('k\n1'),
      value: Buffer.from([0, 10, 32, 255]),
      headers: [
        ['first', '1'],
        ['second', 'zwei=2'],
      ],
    },
    { partition: 1, offset: 1n, timestamp: TIMESTAMP, key: Buffer.from('gone'), value: null, headers: [] },
    { partition: 1, offset: 2n, timestamp: TIMESTAMP, key: null, value: Buffer.from('no key'), headers: [] },
  ];

  test("Kafka's console consumer", async () => {
    const wanted = { bootstrap: kafka.bootstrap, topic: 'records', partition: 1, count: 3 };
    expect(await consoleConsumer(kafka.distribution, wanted)).toEqual(expected());
  });

  (noKcat === undefined ? test : test.skip)(`kcat${noKcat === undefined ? '' : ` [skipped: ${noKcat}]`}`, async () => {
    const wanted = { bootstrap: kafka.bootstrap, topic: 'records', partition: 1, count: 3 };
    expect(await kcat(wanted)).toEqual(expected());
    expect(await kcat({ ...wanted, offset: 2n, count: 1 })).toEqual(expected().slice(2));
  });

  test('a program of Kafka that fails says why', async () => {
    await expect(
      kafkaTool(kafka.distribution, 'kafka-topics', [
        '--bootstrap-server',
        kafka.bootstrap,
        '--describe',
        '--topic',
        'none',
      ]),
    ).rejects.toThrow(/none/);
  });
});
