import {
  Admin,
  type AdminOptions,
  AclOperations,
  AclPermissionTypes,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTopic, type Door, type KafkaCluster, startKafka, whereKafkaRuns } from '../src/index.ts';

const PASSWORD = 'relay-secret';

whereKafkaRuns(describe)('the doors of a broker', () => {
  let kafka: KafkaCluster;

  beforeAll(async () => {
    kafka = await startKafka({ doors: ['sasl', 'sasl-tls', 'tls', 'mtls'], authorize: true });
    await createTopic(kafka.bootstrap, { topic: 'guarded' });
    await createTopic(kafka.bootstrap, { topic: 'allowed' });
    await withAdmin(kafka, 'plain', {}, (admin) =>
      admin.createAcls({
        creations: ['User:relay', 'User:CN=relay'].map((principal) => ({
          resourceType: ResourceTypes.TOPIC,
          resourceName: 'allowed',
          resourcePatternType: ResourcePatternTypes.LITERAL,
          principal,
          host: '*',
          operation: AclOperations.DESCRIBE,
          permissionType: AclPermissionTypes.ALLOW,
        })),
      }),
    );
  });

  afterAll(() => kafka?.stop());

  test.each([
    ['PLAIN', 'sasl'],
    ['SCRAM-SHA-256', 'sasl'],
    ['SCRAM-SHA-512', 'sasl'],
    ['PLAIN', 'sasl-tls'],
    ['SCRAM-SHA-512', 'sasl-tls'],
  ] as const)('%s lets a user in by %s, who sees what an ACL allows', async (mechanism, door) => {
    const sasl = { mechanism, username: 'relay', password: PASSWORD } as const;
    const tls = door === 'sasl-tls' ? { tls: { ca: kafka.certificates.ca } } : {};
    expect(await topics(kafka, door, { sasl, ...tls })).toEqual(['allowed']);
    await expect(topics(kafka, door, { sasl: { ...sasl, password: 'wrong' }, ...tls })).rejects.toThrow();
  });

  test('OAUTHBEARER takes an unsigned token', async () => {
    expect(await topics(kafka, 'sasl', { sasl: { mechanism: 'OAUTHBEARER', token: unsignedToken('relay') } })).toEqual([
      'allowed',
    ]);
  });

  test('TLS is anonymous, and so may do everything', async () => {
    expect(await topics(kafka, 'tls', { tls: { ca: kafka.certificates.ca } })).toEqual(['allowed', 'guarded']);
    await expect(topics(kafka, 'tls', { tls: {} })).rejects.toThrow();
  });

  test('mTLS knows the client by its certificate, and refuses one without', async () => {
    const { ca, key, certificate } = kafka.certificates;
    expect(await topics(kafka, 'mtls', { tls: { ca, key, cert: certificate } })).toEqual(['allowed']);
    await expect(topics(kafka, 'mtls', { tls: { ca } })).rejects.toThrow();
  });
});

async function topics(kafka: KafkaCluster, door: Door, options: Partial<AdminOptions>): Promise<string[]> {
  return (await withAdmin(kafka, door, options, (admin) => admin.listTopics())).sort();
}

async function withAdmin<T>(
  kafka: KafkaCluster,
  door: Door,
  options: Partial<AdminOptions>,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = new Admin({
    clientId: 'door test',
    bootstrapBrokers: kafka.bootstrapOf(door).split(','),
    retries: 0,
    timeout: 10_000,
    ...options,
  });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

function unsignedToken(subject: string): string {
  const now = Math.trunc(Date.now() / 1_000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + 3_600 })}.`;
}
