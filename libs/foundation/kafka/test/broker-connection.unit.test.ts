import { afterEach, describe, expect, it } from '@jest/globals';
import { createKafkaClient, type KafkaClient, type KafkaConnectionSettings } from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';
import { type FakeBroker, fakeBroker, frame } from './fake-broker.ts';
import { kafkaSettings } from './kafka-settings.ts';

const METADATA_7 = [3, 7, 7] as const;

describe('a client', () => {
  const clients: KafkaClient[] = [];
  const brokers: FakeBroker[] = [];

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all(brokers.splice(0).map((broker) => broker.close()));
  });

  async function started(...like: Parameters<typeof fakeBroker>): Promise<FakeBroker> {
    const broker = await fakeBroker(...like);
    brokers.push(broker);
    return broker;
  }

  function clientOf(ports: readonly number[], changes: Partial<KafkaConnectionSettings> = {}): KafkaClient {
    const bootstrap = ports.map((port) => `127.0.0.1:${port}`).join(',');
    const client = createKafkaClient(
      kafkaSettings(bootstrap, { connectTimeoutMs: 500, requestTimeoutMs: 500, ...changes }),
    );
    clients.push(client);
    return client;
  }

  const reasonOf = async (call: Promise<unknown>): Promise<unknown> =>
    await call.then(
      () => undefined,
      (error: unknown) => error,
    );

  /** Metadata of version 7 that lists the broker itself as number 1, and no topics. */
  function listsItself(port: () => number): Parameters<typeof fakeBroker>[1] {
    return (socket, apiKey, correlationId) => {
      if (apiKey !== 3) {
        socket.destroy();
        return;
      }
      const host = '127.0.0.1';
      const body = Buffer.alloc(4 + 4 + 4 + 2 + host.length + 4 + 2 + 2 + 4 + 4);
      body.writeInt32BE(1, 4);
      body.writeInt32BE(1, 8);
      body.writeInt16BE(host.length, 12);
      body.write(host, 14);
      body.writeInt32BE(port(), 14 + host.length);
      body.writeInt16BE(-1, 18 + host.length); // rack
      body.writeInt16BE(-1, 20 + host.length); // cluster id
      body.writeInt32BE(1, 22 + host.length);
      socket.write(frame(correlationId, body));
    };
  }

  it('dials a broker that turns it away rarely, however often it is called', async () => {
    const broker = await started(null);
    const client = clientOf([broker.port]);
    for (let call = 0; call < 200; call++) {
      expect(await reasonOf(client.metadata([]))).toMatchObject({ code: 'KAFKA_UNREACHABLE', retryable: true });
    }
    // 50 ms, 100 ms, 200 ms … between attempts: 200 calls take far less than the second that five attempts take.
    expect(broker.dialled).toBeLessThan(6);
    await eventually(async () => {
      await reasonOf(client.metadata([]));
      expect(broker.dialled).toBeGreaterThan(1);
    });
  });

  it('asks the next bootstrap server where one does not answer', async () => {
    const [silent, closed] = [await started([METADATA_7], () => undefined), await started(null)];
    const good = await started(
      [METADATA_7],
      listsItself(() => good.port),
    );
    const client = clientOf([silent.port, closed.port, good.port], { requestTimeoutMs: 300 });
    expect(await eventually(() => client.metadata([]))).toEqual({
      clusterId: null,
      controller: 1,
      brokers: [{ id: 1, host: '127.0.0.1', port: good.port }],
      topics: [],
    });
  });

  it('names the call that a cluster does not know, or knows in other versions only', async () => {
    const broker = await started(
      [METADATA_7, [0, 9, 12], [61, 0, 0]],
      listsItself(() => broker.port),
    );
    const client = clientOf([broker.port]);
    const unknown = await reasonOf(client.logEnds(1, [{ topic: 't', partition: 0, leaderEpoch: 0 }]));
    expect(unknown).toMatchObject({ code: 'KAFKA_UNSUPPORTED', retryable: false });
    expect(String(unknown)).toContain('OffsetForLeaderEpoch is needed in a version from 2 to 3');
    expect(String(await reasonOf(client.produce(1, [], 100)))).toContain('knows versions 9 to 12');
    expect(new Set((await client.abilities()).keys())).toEqual(new Set([3, 61]));
  });

  it('takes an answer that cannot be read for none, and the connection for lost', async () => {
    const broker = await started([METADATA_7], (socket, _key, id) => void socket.write(frame(id, Buffer.alloc(3))));
    const client = clientOf([broker.port]);
    expect(await reasonOf(client.metadata([]))).toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    expect(await reasonOf(client.metadata([]))).toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    expect(broker.dialled).toBe(2);
  });

  it('gives up a request in time, and closes at once while one waits', async () => {
    const broker = await started([METADATA_7], () => undefined);
    const client = clientOf([broker.port], { requestTimeoutMs: 200 });
    expect(String(await reasonOf(client.metadata([])))).toContain('no answer within 200 ms');
    const patient = clientOf([broker.port], { requestTimeoutMs: 60_000 });
    const waiting = reasonOf(patient.metadata([]));
    await eventually(() => expect(broker.dialled).toBe(2));
    await patient.close();
    expect(await waiting).toMatchObject({ code: 'KAFKA_UNREACHABLE' });
  });

  it('says which broker it does not know', async () => {
    const broker = await started(
      [METADATA_7, [0, 3, 8]],
      listsItself(() => broker.port),
    );
    const client = clientOf([broker.port]);
    const error = await reasonOf(client.produce(7, [], 100));
    expect(error).toMatchObject({ code: 'KAFKA_UNREACHABLE', context: { broker: 7 } });
  });

  it('fails a call that cannot be written alone, with its own error', async () => {
    const broker = await started(
      [METADATA_7, [19, 0, 7]],
      listsItself(() => broker.port),
    );
    const client = clientOf([broker.port]);
    const topic = { name: 't', partitions: 1, replicationFactor: 100_000, configs: {} };
    expect(await reasonOf(client.createTopics([topic], 100))).toMatchObject({ name: 'RangeError' });
    await client.metadata([]);
    expect(broker.dialled).toBe(1);
  });
});
