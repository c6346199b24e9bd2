import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { loadClusters, renderClusterDocs, routesOf } from '../src/index.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n';

/** Loads from files in memory; the clusters file is /etc/clusters.json. */
function load(file: unknown, given: { files?: Record<string, string>; environment?: Record<string, string> } = {}) {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  const files: Record<string, string> = { '/etc/clusters.json': text, ...given.files };
  const readFile = (path: string): string => {
    if (files[path] === undefined) throw new Error('no such file');
    return files[path];
  };
  const environment = { TIDEMARK_CLUSTERS_FILE: 'clusters.json', ...given.environment };
  const readSecret = async (path: string) => readFile(path);
  return { files, ...loadClusters(environment, { readFile, readSecret, folder: '/etc' }) };
}

const one = (section: object) => ({ clusters: { eu: { bootstrapServers: 'k:9092', ...section } } });

describe('loadClusters', () => {
  test('nothing is configured', () => {
    expect(loadClusters({ TIDEMARK_CLUSTERS: '', TIDEMARK_CLUSTERS_FILE: '' })).toEqual({
      clusters: [],
      problems: [],
      variables: [],
    });
  });

  test('clusters of both places, with the same defaults', () => {
    const { clusters, problems } = load(one({}), { environment: { TIDEMARK_CLUSTERS: 'local=127.0.0.1:9092' } });
    expect(problems).toEqual([]);
    const rest = {
      required: true,
      headers: { schemaId: 'unless-in-value', debezium: false },
      compression: 'none',
      lingerMs: 0,
      batchMaxBytes: 900_000,
      mode: 'auto',
      createTopics: true,
      existingTopics: 'adopt',
      topics: {
        include: [{ text: '*', alternatives: ['*'] }],
        exclude: [],
        naming: { prefix: '', template: '${topic}', source: '' },
        replicationFactor: -1,
        configs: [],
      },
    };
    expect(clusters).toEqual([
      expect.objectContaining({ name: 'local', ...rest }),
      expect.objectContaining({ name: 'eu', ...rest }),
    ]);
    expect(clusters[0]!.connection).toEqual({
      ...clusters[1]!.connection,
      bootstrap: [{ host: '127.0.0.1', port: 9092 }],
    });
  });

  test('all problems at once, with their places, and no secret', () => {
    const file = {
      clusters: {
        'e u': { bootstrapServers: 'k:1' },
        eu: {
          bootstrapServers: 'k',
          compresion: 'lz4',
          sasl: { mechanism: 'plain', username: 'u', password: 'hunter2' },
        },
        us: { bootstrapServers: 'k:1', topics: { include: ['{a'] }, naming: { template: '${source}' }, lingerMs: -1 },
      },
    };
    const { problems } = load(file, { environment: { TIDEMARK_CLUSTERS: 'x=y' } });
    expect([...problems].sort()).toEqual([
      'TIDEMARK_CLUSTERS: x: server 1 has no port; expected host:port, such as 127.0.0.1:9092',
      expect.stringMatching(/^TIDEMARK_CLUSTERS_FILE: clusters\.e u: expected a name of 1 to 63 letters/),
      'TIDEMARK_CLUSTERS_FILE: clusters.eu.bootstrapServers: server 1 has no port; expected host:port, such as 127.0.0.1:9092',
      'TIDEMARK_CLUSTERS_FILE: clusters.eu.compresion: no such key; did you mean compression?',
      expect.stringMatching(
        /clusters\.eu\.sasl\.password: secrets are not written into this file; name a file with passwordFile/,
      ),
      'TIDEMARK_CLUSTERS_FILE: clusters.eu.sasl.passwordFile: set either passwordFile or passwordEnv',
      'TIDEMARK_CLUSTERS_FILE: clusters.us.lingerMs: Too small: expected number to be >=0',
      'TIDEMARK_CLUSTERS_FILE: clusters.us.naming.source: is required, the template has ${source}',
      'TIDEMARK_CLUSTERS_FILE: clusters.us.naming.template: must contain ${topic}: all topics would have one name otherwise',
      'TIDEMARK_CLUSTERS_FILE: clusters.us.topics.include.0: braces do not match, are nested, or a comma is outside',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  test.each<[string, object, string]>([
    [
      'a placeholder',
      { naming: { template: '${topic}.${sorce}' } },
      'naming.template: ${sorce} is no placeholder; known are ${topic} and ${source}',
    ],
    [
      'an open placeholder',
      { naming: { template: '${topic}${topic' } },
      'naming.template: ${topic is no placeholder; known are ${topic} and ${source}',
    ],
    [
      'no replicas',
      { replicationFactor: 0 },
      "replicationFactor: expected a whole number from 1, or -1 for the cluster's default",
    ],
    [
      'a pattern of configs',
      { topicConfigs: { '[a]': {} } },
      'topicConfigs.[a]: "[" is in no topic name; patterns have letters, digits, . _ - and * ? {a,b}',
    ],
    [
      'a config of no simple type',
      { topicConfigs: { a: { b: null } } },
      'topicConfigs.a.b: expected text, a number or a boolean',
    ],
    ['CloudEvents without source', { headers: { cloudEvents: {} } }, 'headers.cloudEvents.source: is required'],
    ['a canary without interval', { canary: {} }, 'canary.intervalMs: is required'],
  ])('%s', (_what, section, problem) => {
    expect(load(one(section)).problems).toEqual([`TIDEMARK_CLUSTERS_FILE: clusters.eu.${problem}`]);
  });

  test('a file that cannot be read, or is not JSON, is not repeated', () => {
    const missing = loadClusters({ TIDEMARK_CLUSTERS_FILE: '/nowhere/x.json' });
    expect(missing.problems).toEqual([
      expect.stringMatching(/^TIDEMARK_CLUSTERS_FILE: cannot read \/nowhere\/x\.json: .*ENOENT.*create it/),
    ]);
    expect(load('{\n "password": "hunter2" oops').problems).toEqual([
      'TIDEMARK_CLUSTERS_FILE: /etc/clusters.json is not JSON: look at line 2, column 24',
    ]);
    expect(load('{"password": hunter2').problems).toEqual(['TIDEMARK_CLUSTERS_FILE: /etc/clusters.json is not JSON']);
  });

  test('a cluster in both places', () => {
    expect(load(one({}), { environment: { TIDEMARK_CLUSTERS: 'eu=a:1' } }).problems).toEqual([
      'TIDEMARK_CLUSTERS: eu: TIDEMARK_CLUSTERS_FILE has it as well; name it once',
    ]);
  });

  const secured = one({
    tls: { caFile: 'tls/ca.pem', certFile: '/abs/c.pem', keyFile: 'tls/key.pem', keyPasswordEnv: 'KEY_PASSWORD' },
    sasl: { mechanism: 'scram-sha-512', username: 'u', passwordFile: 'password' },
  });
  const present = { '/etc/tls/ca.pem': PEM, '/abs/c.pem': PEM, '/etc/tls/key.pem': KEY, '/etc/password': 'one\n' };

  test('secrets are looked at, from the folder of the file, and read again when they are used', async () => {
    const loaded = load(secured, { files: present, environment: { KEY_PASSWORD: 'kp' } });
    expect(loaded).toMatchObject({ problems: [], variables: ['KEY_PASSWORD'] });
    const { connection } = loaded.clusters[0]!;
    expect(await connection.tls?.()).toEqual({
      ca: PEM.trimEnd(),
      certificate: PEM.trimEnd(),
      privateKey: KEY.trimEnd(),
      privateKeyPassword: 'kp',
      verify: true,
    });
    loaded.files['/etc/password'] = 'two\n';
    if (connection.sasl === undefined || !('password' in connection.sasl)) throw new Error('no password');
    expect(await connection.sasl.password()).toBe('two');
  });

  test('secrets that are missing, empty or something else are told at once', () => {
    const files = { '/etc/tls/ca.pem': KEY, '/abs/c.pem': '\n', '/etc/password': 'one' };
    expect(load(secured, { files }).problems).toEqual(
      [
        'tls.caFile: the file tls/ca.pem has no PEM block "BEGIN CERTIFICATE"; convert it to PEM, or name another file',
        'tls.certFile: the file /abs/c.pem is empty',
        'tls.keyFile: cannot read tls/key.pem: no such file; create the file, correct the path, or let this user read it',
        'tls.keyPasswordEnv: the environment variable KEY_PASSWORD is not set',
      ].map((problem) => `TIDEMARK_CLUSTERS_FILE: clusters.eu.${problem}`),
    );
  });
});

describe('docs/CLUSTERS.md', () => {
  const text = readFileSync(new URL('../../../../docs/CLUSTERS.md', import.meta.url), 'utf8');

  test('is up to date', () => {
    expect(text).toBe(renderClusterDocs());
  });

  test('its example is a clusters file that works', () => {
    const example = /```json\n([^`]*)```/.exec(text)![1]!;
    const files = {
      '/etc/eu/ca.pem': PEM,
      '/etc/eu/relay.pem': PEM,
      '/etc/eu/relay.key': KEY,
      '/etc/us/password': 'p',
    };
    const { clusters, problems, variables } = load(example, {
      files,
      environment: { EU_KEY_PASSWORD: 'k', CLOUD_CLIENT_SECRET: 'c' },
    });
    expect(problems).toEqual([]);
    expect(variables).toEqual(['EU_KEY_PASSWORD', 'CLOUD_CLIENT_SECRET']);
    const topics = ['orders', 'orders.v2', 'internal.jobs', 'cart.draft'].map((name, topicId) => ({
      topicId,
      name,
      partitions: 6,
      messageMaxBytes: 1_000_000,
    }));
    const names = clusters.map(({ name, topics: rules }) => [
      name,
      [...routesOf(rules, topics).values()].map((route) => (route.state === 'routed' ? route.name : route.state)),
    ]);
    expect(Object.fromEntries(names)).toEqual({
      eu: ['shop.orders', 'shop.orders.v2', 'not routed', 'not routed'],
      us: ['orders', 'orders.v2', 'internal.jobs', 'cart.draft'],
      cloud: ['shop-orders', 'shop-orders.v2', 'not routed', 'not routed'],
    });
    expect(routesOf(clusters[0]!.topics, topics).get(1)).toMatchObject({
      replicationFactor: 3,
      configs: { 'min.insync.replicas': '2', 'retention.ms': '-1' },
    });
  });
});

describe('files on disk', () => {
  let folder: string | undefined;
  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  test('are read as they are', async () => {
    folder = mkdtempSync(join(tmpdir(), 'tidemark-clusters-'));
    const section = { sasl: { mechanism: 'plain', username: 'u', passwordFile: 'password' } };
    writeFileSync(join(folder, 'clusters.json'), JSON.stringify(one(section)));
    writeFileSync(join(folder, 'password'), 'from disk\n');
    const { clusters, problems } = loadClusters({ TIDEMARK_CLUSTERS_FILE: join(folder, 'clusters.json') });
    expect(problems).toEqual([]);
    const { sasl } = clusters[0]!.connection;
    if (sasl === undefined || !('password' in sasl)) throw new Error('no password');
    expect(await sasl.password()).toBe('from disk');
  });
});
