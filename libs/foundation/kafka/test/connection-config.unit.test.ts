import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { parseDocument } from '#libs/foundation/config';
import {
  type ConnectionContext,
  connectionFromSection,
  connectionShape,
  parseBootstrapServers,
  parseClusterList,
} from '../src/index.ts';

const schema = z.strictObject(connectionShape);
const parse = (section: object) => parseDocument(schema, { bootstrapServers: 'k:9092', ...section });

function problemsOf(section: object): readonly string[] {
  const result = parse(section);
  return 'problems' in result ? result.problems : [];
}

/** Files and variables in memory; a file that is not there cannot be read. */
function connection(section: object, files: Record<string, string>, environment: Record<string, string> = {}) {
  const result = parse(section);
  if (!('value' in result)) throw new Error(result.problems.join('\n'));
  const context: ConnectionContext = {
    place: 'clusters.eu',
    access: {
      environment,
      readFile: async (path) => {
        if (files[path] === undefined) throw new Error('no such file');
        return files[path];
      },
    },
  };
  return connectionFromSection(result.value, context);
}

describe('parseBootstrapServers', () => {
  test('hosts, addresses and ports', () => {
    expect(parseBootstrapServers(' kafka-1.eu:9092, 10.0.0.7:1 ,[::1]:65535')).toEqual([
      { host: 'kafka-1.eu', port: 9092 },
      { host: '10.0.0.7', port: 1 },
      { host: '::1', port: 65_535 },
    ]);
  });

  test.each([
    ['', /server 1 is empty/],
    ['a:1,', /server 2 is empty/],
    ['kafka', /server 1 has no port/],
    ['a:1,SASL_SSL://b:9092', /server 2 is a URL/],
    ['me:hunter2@b:9092', /has credentials/],
    ['a:0', /port from 1 to 65535/],
    ['a:65536', /port from 1 to 65535/],
    ['::1:9092', /is not host:port/],
    ['a b:1', /is not host:port/],
    ['a:1,'.repeat(101), /at most 100/],
  ])('%s is refused', (text, problem) => {
    const result = parseBootstrapServers(text);
    expect(result).toMatch(problem);
    expect(result).not.toContain('hunter2');
  });
});

describe('parseClusterList', () => {
  test('several clusters, with room for line breaks', () => {
    expect(parseClusterList('eu=a:1,b:2;\n us = c:3 ;')).toEqual({
      problems: [],
      clusters: [
        {
          name: 'eu',
          bootstrapServers: [
            { host: 'a', port: 1 },
            { host: 'b', port: 2 },
          ],
        },
        { name: 'us', bootstrapServers: [{ host: 'c', port: 3 }] },
      ],
    });
    expect(parseClusterList('')).toEqual({ problems: [], clusters: [] });
  });

  test('all problems at once', () => {
    expect(parseClusterList('a:1; e u=a:1; us=a; eu=a:1; eu=b:1').problems).toEqual([
      expect.stringMatching(/^cluster 1: expected name=host:port/),
      expect.stringMatching(/^cluster 2: expected name=host:port/),
      'us: server 1 has no port; expected host:port, such as 127.0.0.1:9092',
      'eu: is listed twice',
    ]);
  });
});

describe('the section of a connection', () => {
  test('defaults', () => {
    expect(connection({}, {})).toEqual({
      bootstrap: [{ host: 'k', port: 9092 }],
      clientId: 'tidemark',
      connectTimeoutMs: 10_000,
      requestTimeoutMs: 30_000,
    });
  });

  const scram = { mechanism: 'scram-sha-256', username: 'u', passwordFile: 'p' };
  const oauth = { mechanism: 'oauthbearer', tokenUrl: 'https://i.example/t', clientId: 'c', clientSecretEnv: 'S' };
  test.each<[string, object, string[]]>([
    ['scram', { sasl: scram }, []],
    ['oauth', { sasl: oauth }, []],
    ['a token file', { sasl: { mechanism: 'oauthbearer', tokenFile: 't' } }, []],
    ['a local endpoint without TLS', { sasl: { ...oauth, tokenUrl: 'http://127.0.0.1:9/t' } }, []],
    [
      'an inline password',
      { sasl: { ...scram, password: 'hunter2' } },
      [
        'sasl.password: secrets are not written into this file; name a file with passwordFile or an environment variable with passwordEnv',
      ],
    ],
    [
      'both sources',
      { sasl: { ...scram, passwordEnv: 'P' } },
      ['sasl.passwordFile: set either passwordFile or passwordEnv'],
    ],
    [
      'no user, no password',
      { sasl: { mechanism: 'plain' } },
      ['sasl.username: is required', 'sasl.passwordFile: set either passwordFile or passwordEnv'],
    ],
    [
      'an unknown mechanism',
      { sasl: { ...scram, mechanism: 'gssapi' } },
      ['sasl.mechanism: expected one of "plain"|"scram-sha-256"|"scram-sha-512"|"oauthbearer"'],
    ],
    [
      'a token with scram',
      { sasl: { ...scram, tokenFile: 't' } },
      ['sasl.tokenFile: does not go with mechanism scram-sha-256'],
    ],
    [
      'a user with oauth',
      { sasl: { ...oauth, username: 'u' } },
      ['sasl.username: does not go with mechanism oauthbearer'],
    ],
    [
      'no token',
      { sasl: { mechanism: 'oauthbearer' } },
      ['sasl.tokenUrl: set one of tokenUrl, tokenFile and tokenEnv'],
    ],
    [
      'a client without endpoint',
      { sasl: { mechanism: 'oauthbearer', tokenEnv: 'T', scope: 's' } },
      ['sasl.scope: goes with tokenUrl only'],
    ],
    [
      'an endpoint without client',
      { sasl: { mechanism: 'oauthbearer', tokenUrl: 'https://i.example' } },
      [
        'sasl.clientId: is required with tokenUrl',
        'sasl.clientSecretFile: set either clientSecretFile or clientSecretEnv',
      ],
    ],
    [
      'an endpoint without TLS',
      { sasl: { ...oauth, tokenUrl: 'http://i.example/t' } },
      ['sasl.tokenUrl: expected an https URL: the client secret is sent there'],
    ],
    [
      'an endpoint with credentials',
      { sasl: { ...oauth, tokenUrl: 'https://a:hunter2@i.example/t' } },
      ['sasl.tokenUrl: expected a URL without credentials'],
    ],
    ['half of a certificate', { tls: { certFile: 'c' } }, ['tls.certFile: needs keyFile beside it']],
    ['a key without certificate', { tls: { keyFile: 'k' } }, ['tls.keyFile: needs certFile beside it']],
    [
      'a key password without key',
      { tls: { keyPasswordEnv: 'K' } },
      ['tls.keyFile: is required where its password is given'],
    ],
    [
      'an address as server name',
      { tls: { serverName: '10.0.0.1' } },
      ['tls.serverName: expected a host name: addresses are not sent as server names'],
    ],
    ['a slip of the hand', { tls: { cafile: 'c' } }, ['tls.cafile: no such key; did you mean caFile?']],
  ])('%s', (_what, section, expected) => {
    expect(problemsOf(section)).toEqual(expected);
    expect(problemsOf(section).join()).not.toContain('hunter2');
  });

  test('secrets are read at each use, without the last line break', async () => {
    const files: Record<string, string> = { p: 'one\n', ca: 'CA', c: 'CERT', k: 'KEY' };
    const tls = { caFile: 'ca', certFile: 'c', keyFile: 'k', keyPasswordEnv: 'KP', verify: false, serverName: 'x.y' };
    const settings = connection({ sasl: scram, tls }, files, { KP: 'kp' });
    if (settings.sasl?.mechanism !== 'SCRAM-SHA-256') throw new Error('wrong mechanism');
    expect(settings.sasl.username).toBe('u');
    expect(await settings.sasl.password()).toBe('one');
    expect(await settings.tls?.()).toEqual({
      ca: 'CA',
      certificate: 'CERT',
      privateKey: 'KEY',
      privateKeyPassword: 'kp',
      serverName: 'x.y',
      verify: false,
    });
    files['p'] = 'two';
    files['c'] = 'RENEWED';
    expect(await settings.sasl.password()).toBe('two');
    expect(await settings.tls?.()).toMatchObject({ certificate: 'RENEWED' });
  });

  test('a secret that is gone says where it should be', async () => {
    const fromFile = connection({ sasl: { ...scram, mechanism: 'plain' } }, {});
    if (fromFile.sasl?.mechanism !== 'PLAIN') throw new Error('wrong mechanism');
    await expect(fromFile.sasl.password()).rejects.toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      message: 'clusters.eu.sasl.password: cannot read p: no such file',
    });
    const fromEnvironment = connection({ sasl: { mechanism: 'oauthbearer', tokenEnv: 'T' } }, {});
    if (fromEnvironment.sasl?.mechanism !== 'OAUTHBEARER') throw new Error('wrong mechanism');
    await expect(fromEnvironment.sasl.token()).rejects.toMatchObject({
      message: 'clusters.eu.sasl.token: the environment variable T is not set',
    });
  });
});
