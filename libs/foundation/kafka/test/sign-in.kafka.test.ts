import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createKafkaClient,
  type KafkaClient,
  type KafkaConnectionSettings,
  type TlsSettings,
} from '#libs/foundation/kafka';
import { type Door, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { kafkaSettings } from './kafka-settings.ts';

const SECRET = 'relay-secret';
const WRONG = 'not-the-secret';

whereKafkaRuns(describe)('signing in', () => {
  let kafka: KafkaCluster;
  const clients: KafkaClient[] = [];

  beforeAll(async () => {
    kafka = await startKafka({ doors: ['sasl', 'sasl-tls', 'tls', 'mtls'] });
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });

  afterAll(() => kafka?.stop());

  function at(door: Door, changes: Partial<KafkaConnectionSettings>): KafkaClient {
    const client = createKafkaClient(kafkaSettings(kafka.bootstrapOf(door), changes));
    clients.push(client);
    return client;
  }

  const passwords = (password: string) => ({ username: 'relay', password: () => Promise.resolve(password) });

  async function refusal(client: KafkaClient): Promise<Error> {
    const error = await client.metadata([]).then(
      () => new Error('it was let in'),
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toMatchObject({ code: 'KAFKA_AUTHENTICATION_FAILED' });
    for (let each: unknown = error; each instanceof Error; each = each.cause) {
      expect(JSON.stringify(each, Object.getOwnPropertyNames(each))).not.toContain(WRONG);
    }
    return error;
  }

  describe.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)('with %s', (mechanism) => {
    it('works with the password, asked for at each connection', async () => {
      let asked = 0;
      const password = (): Promise<string> => Promise.resolve((asked++, SECRET));
      const client = at('sasl', { sasl: { mechanism, username: 'relay', password } });
      expect((await client.metadata([])).brokers).toHaveLength(1);
      await client.produce(1, [], 1_000);
      expect(asked).toBe(2);
    });

    it('fails with another one, which no error repeats', async () => {
      const error = await refusal(at('sasl', { sasl: { mechanism, ...passwords(WRONG) } }));
      expect(error.message).toContain('SASL_AUTHENTICATION_FAILED');
    });
  });

  it('works with SCRAM over TLS', async () => {
    const tls = trust({ ca: kafka.certificates.ca, verify: true });
    const client = at('sasl-tls', { tls, sasl: { mechanism: 'SCRAM-SHA-512', ...passwords(SECRET) } });
    expect((await client.metadata([])).brokers).toHaveLength(1);
  });

  it('works with a token', async () => {
    const token = (): Promise<string> => Promise.resolve(unsignedToken(3_600));
    const client = at('sasl', { sasl: { mechanism: 'OAUTHBEARER', token } });
    expect((await client.metadata([])).brokers).toHaveLength(1);
  });

  it('fails with a token that is no longer valid, or none', async () => {
    const expired = at('sasl', { sasl: { mechanism: 'OAUTHBEARER', token: async () => unsignedToken(-60) } });
    expect((await refusal(expired)).message).toContain('did not take the token');
    const garbage = at('sasl', { sasl: { mechanism: 'OAUTHBEARER', token: async () => WRONG } });
    await refusal(garbage);
  });

  it('says so when the secret cannot be had', async () => {
    const password = (): Promise<string> => Promise.reject(new Error(`cannot read ${WRONG}`));
    const error = await refusal(at('sasl', { sasl: { mechanism: 'PLAIN', username: 'relay', password } }));
    expect(error.message).toContain('password');
  });

  it('is not tried again at once after it failed', async () => {
    let asked = 0;
    const password = (): Promise<string> => Promise.resolve((asked++, WRONG));
    const client = at('sasl', { sasl: { mechanism: 'PLAIN', username: 'relay', password } });
    for (let attempt = 0; attempt < 5; attempt++) await refusal(client);
    expect(asked).toBe(1);
  });

  it('by certificate works with both sides trusted', async () => {
    const { ca, key, certificate } = kafka.certificates;
    const client = at('mtls', { tls: trust({ ca, privateKey: key, certificate, verify: true }) });
    expect((await client.metadata([])).brokers).toHaveLength(1);
  });

  it('by certificate fails without one', async () => {
    const error = await refusal(at('mtls', { tls: trust({ ca: kafka.certificates.ca, verify: true }) }));
    expect(error.message).toContain('TLS');
  });

  it('fails at a broker whose authority is not known, or that has another name', async () => {
    expect((await refusal(at('tls', { tls: trust({ verify: true }) }))).message).toContain('TLS');
    const { ca } = kafka.certificates;
    const misnamed = at('tls', { tls: trust({ ca, serverName: 'kafka.example', verify: true }) });
    expect((await refusal(misnamed)).message).toContain('kafka.example');
    const unverified = at('tls', { tls: trust({ verify: false }) });
    expect((await unverified.metadata([])).brokers).toHaveLength(1);
  });

  it('without TLS at a door that wants it says so', async () => {
    await expect(at('tls', {}).metadata([])).rejects.toThrow(/TLS|closed/);
  });
});

/** TLS material is asked for at each connection. */
const trust = (tls: TlsSettings) => (): Promise<TlsSettings> => Promise.resolve(tls);

function unsignedToken(lifeSeconds: number): string {
  const now = Math.trunc(Date.now() / 1_000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: 'relay', iat: now - 120, exp: now + lifeSeconds })}.`;
}
