import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KafkaCluster, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { type ClusterSections, PublishingStage } from './harness/publishing-stage.ts';

const SECRET = 'relay-secret';
const PASSWORD_VARIABLE = 'SHOP_KAFKA_PASSWORD';
const TOKEN_VARIABLE = 'SHOP_KAFKA_TOKEN';

/** Each way into one Kafka is a cluster of its own, and its topics have a prefix of their own. */
async function everyWay(kafka: KafkaCluster, folder: string): Promise<ClusterSections> {
  await writeFile(join(folder, 'password'), `${SECRET}\n`);
  await writeFile(join(folder, 'token'), unsignedToken());
  const { files } = kafka.certificates;
  const trusted = { caFile: files.ca };
  const user = { username: 'relay', passwordFile: 'password' };
  const ways = {
    tls: { at: 'tls', tls: trusted },
    mtls: { at: 'mtls', tls: { ...trusted, certFile: files.certificate, keyFile: files.key } },
    plain: { at: 'sasl', sasl: { mechanism: 'plain', username: 'relay', passwordEnv: PASSWORD_VARIABLE } },
    'plain-tls': { at: 'sasl-tls', tls: trusted, sasl: { mechanism: 'plain', ...user } },
    'scram-sha-256': { at: 'sasl', sasl: { mechanism: 'scram-sha-256', ...user } },
    'scram-sha-512': { at: 'sasl-tls', tls: trusted, sasl: { mechanism: 'scram-sha-512', ...user } },
    'token-file': { at: 'sasl', sasl: { mechanism: 'oauthbearer', tokenFile: 'token' } },
    'token-variable': { at: 'sasl-tls', tls: trusted, sasl: { mechanism: 'oauthbearer', tokenEnv: TOKEN_VARIABLE } },
  } as const;
  return Object.fromEntries(
    Object.entries(ways).map(([name, { at, ...section }]) => [
      name,
      { bootstrapServers: kafka.bootstrapOf(at), naming: { prefix: `${name}.` }, ...section },
    ]),
  );
}

function unsignedToken(): string {
  const now = Math.trunc(Date.now() / 1_000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: 'relay', iat: now - 120, exp: now + 3_600 })}.`;
}

whereKafkaRuns(describe)('clusters of a clusters file, with their secrets in files and variables', () => {
  const token = unsignedToken();
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open({
      kafka: { doors: ['sasl', 'sasl-tls', 'tls', 'mtls'] },
      clusters: everyWay,
      environment: { [PASSWORD_VARIABLE]: SECRET, [TOKEN_VARIABLE]: token },
    });
    await stage.createTopic('orders', 2);
    await stage.emit('orders', 200);
  });
  afterAll(() => stage?.close());

  test.each(['tls', 'mtls', 'plain', 'plain-tls', 'scram-sha-256', 'scram-sha-512', 'token-file', 'token-variable'])(
    'are published to by way of %s',
    async (cluster) => {
      await stage.published('orders', cluster);
      expect(await compareWithLog(stage, 'orders', { cluster, clusterTopic: `${cluster}.orders` })).toMatchObject(
        exactly(200),
      );
    },
  );

  test('keep their secrets out of what the relay writes and answers', async () => {
    const metrics = await (await fetch(`${stage.url}/metrics`)).text();
    const written = [...stage.relay.lines, metrics].join('\n');
    expect(written).toContain('scram-sha-512');
    for (const secret of [SECRET, token]) expect(written).not.toContain(secret);
  });
});
