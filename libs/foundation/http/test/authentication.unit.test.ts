import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hashSecret } from '#libs/foundation/credentials';
import { createLogger, silentLogger } from '#libs/foundation/observability';
import { FileAuthenticator } from '../src/auth/file-authenticator.ts';
import { createAuthenticator } from '../src/index.ts';
import { type RunningApp, startApp } from './support/running-app.ts';

// The cheapest cost that is accepted: these tests are about the rules, not about the hash.
const cheap = { cost: 1_024 };
const basic = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

let folder: string;
let path: string;
const hashes: Record<string, string> = {};

beforeAll(async () => {
  for (const secret of ['anna-pw', 'ops-secret', 'pa:ss', 'new-pw']) hashes[secret] = await hashSecret(secret, cheap);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-credentials-'));
  path = join(folder, 'credentials.json');
  await write([
    { name: 'anna', password: hashes['anna-pw'], role: 'viewer' },
    { name: 'root', password: hashes['pa:ss'], role: 'admin' },
  ]);
});
afterEach(() => rm(folder, { recursive: true }));

async function write(
  users: unknown[],
  tokens: unknown[] = [{ name: 'ci', token: hashes['ops-secret'], role: 'operator' }],
): Promise<void> {
  await writeFile(path, JSON.stringify({ users, tokens }));
}

const as = (header: string | undefined) => ({ method: 'GET', headers: { authorization: header } });

describe('credentials from a file', () => {
  test('the actor has its name, role and way of entry', async () => {
    const authenticator = await FileAuthenticator.open(path, silentLogger);
    expect(await authenticator.authenticate(as(basic('anna', 'anna-pw')))).toEqual({
      name: 'anna',
      role: 'viewer',
      via: 'basic',
    });
    expect(await authenticator.authenticate(as(basic('root', 'pa:ss')))).toEqual({
      name: 'root',
      role: 'admin',
      via: 'basic',
    });
    expect(await authenticator.authenticate(as('Bearer ci.ops-secret'))).toEqual({
      name: 'ci',
      role: 'operator',
      via: 'bearer',
    });
    expect(await authenticator.authenticate(as('bearer ci.ops-secret'))).toMatchObject({ name: 'ci' });
  });

  test.each([
    ['nothing', undefined],
    ['an unknown name', basic('nobody', 'anna-pw')],
    ['a wrong password', basic('anna', 'anna-pw2')],
    ['an empty password', basic('anna', '')],
    ['a token as a password', basic('ci', 'ops-secret')],
    ['a password as a token', 'Bearer anna.anna-pw'],
    ['a token without its name', 'Bearer ops-secret'],
    ['another scheme', 'Digest anna'],
    ['rubbish', 'Basic ????'],
    ['the hash itself', `Bearer ci.${'x'.repeat(3_000)}`],
  ])('%s is nobody', async (_name, header) => {
    const authenticator = await FileAuthenticator.open(path, silentLogger);
    expect(await authenticator.authenticate(as(header))).toBeUndefined();
  });

  test('a changed file is in force within a second, also for who was verified before', async () => {
    let now = 0;
    const authenticator = await FileAuthenticator.open(path, silentLogger, { now: () => now });
    expect(await authenticator.authenticate(as(basic('anna', 'anna-pw')))).toBeDefined();
    await write([{ name: 'anna', password: hashes['new-pw'], role: 'admin' }]);
    now += 1_000;
    expect(await authenticator.authenticate(as(basic('anna', 'anna-pw')))).toBeUndefined();
    expect(await authenticator.authenticate(as(basic('anna', 'new-pw')))).toMatchObject({ role: 'admin' });
  });

  test('a broken change is logged once and the last good credentials stay in force', async () => {
    let now = 0;
    const lines: string[] = [];
    const authenticator = await FileAuthenticator.open(path, createLogger({ write: (line) => lines.push(line) }), {
      now: () => now,
    });
    await writeFile(path, '{"users":');
    for (let second = 1; second <= 3; second += 1) {
      now += 1_000;
      expect(await authenticator.authenticate(as(basic('anna', 'anna-pw')))).toMatchObject({ name: 'anna' });
    }
    expect(lines.filter((line) => line.includes('kept the old credentials'))).toHaveLength(1);
  });

  test('a flood of wrong passwords is refused beyond a bounded queue', async () => {
    const authenticator = await FileAuthenticator.open(path, silentLogger);
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => authenticator.authenticate(as(basic('anna', `guess-${index}`)))),
    );
    const refused = results
      .filter((result) => result.status === 'rejected')
      .map((result) => result.reason as { code: string });
    expect(refused.length).toBe(200 - 66);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['AUTHENTICATION_BUSY']));
    expect(await authenticator.authenticate(as(basic('anna', 'anna-pw')))).toBeDefined();
  });

  test.each([
    ['a password in clear text', { users: [{ name: 'anna', password: 'anna-pw', role: 'admin' }] }, 'users.0.password'],
    [
      'too weak a hash',
      { users: [{ name: 'anna', password: 'scrypt$2$8$1$AAAAAAAAAAAAAAAAAAAAAA$' + 'A'.repeat(43), role: 'admin' }] },
      'users.0.password',
    ],
    ['an unknown role', { users: [{ name: 'anna', password: 'x', role: 'root' }] }, 'users.0.role'],
    ['an unknown field', { people: [] }, 'people'],
    ['nobody', {}, 'lists nobody'],
  ])('a start with %s is refused', async (_name, content, message) => {
    await writeFile(path, JSON.stringify(content));
    const opening = createAuthenticator({ credentialsFile: path, logger: silentLogger });
    await expect(opening).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) });
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('anna-pw') });
  });

  test('a start without the file, or with a name twice, is refused', async () => {
    await expect(
      createAuthenticator({ credentialsFile: join(folder, 'none'), logger: silentLogger }),
    ).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const anna = { name: 'anna', password: hashes['anna-pw'], role: 'admin' };
    await write([anna, anna]);
    await expect(createAuthenticator({ credentialsFile: path, logger: silentLogger })).rejects.toThrow(
      'anna is listed twice',
    );
  });
});

test('the default hash verifies, and two hashes of a secret differ', async () => {
  const [first, second] = [await hashSecret('s'), await hashSecret('s')];
  expect(first).toMatch(/^scrypt\$16384\$8\$1\$/);
  expect(first).not.toBe(second);
  await write([{ name: 'anna', password: first, role: 'viewer' }]);
  expect(await (await FileAuthenticator.open(path, silentLogger)).authenticate(as(basic('anna', 's')))).toBeDefined();
});

describe('over HTTP', () => {
  let running: RunningApp;
  beforeEach(async () => {
    running = await startApp({
      authenticator: await createAuthenticator({ credentialsFile: path, logger: silentLogger }),
    });
  });
  afterEach(() => running.app.close());

  async function call(method: string, where: string, authorization?: string, body?: unknown) {
    const headers = {
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const response = await fetch(running.url + where, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      challenge: response.headers.get('www-authenticate'),
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  }

  test('no or wrong credentials: 401 with the ways to enter', async () => {
    const none = await call('GET', '/v1/notes/x');
    expect([none.status, none.body['code'], none.body['detail']]).toEqual([
      401,
      'UNAUTHENTICATED',
      'The request carries no credentials.',
    ]);
    expect(none.challenge).toMatch(/^Basic realm=.*Bearer realm=/);
    expect((await call('GET', '/v1/notes/x', basic('anna', 'no'))).body['detail']).toBe(
      'The credentials are not valid.',
    );
  });

  test('a role that does not suffice: 403 that names the needed one; higher roles include lower ones', async () => {
    const refused = await call('DELETE', '/v1/notes/x', 'Bearer ci.ops-secret');
    expect([refused.status, refused.body['neededRole'], refused.body['role']]).toEqual([403, 'admin', 'operator']);
    expect((await call('POST', '/v1/notes', basic('anna', 'anna-pw'), { name: 'x' })).status).toBe(403);
    expect((await call('POST', '/v1/notes', 'Bearer ci.ops-secret', { name: 'x' })).body['by']).toBe('ci');
    expect((await call('GET', '/v1/notes/x', basic('root', 'pa:ss'))).status).toBe(200);
    expect((await call('DELETE', '/v1/notes/x', basic('root', 'pa:ss'))).status).toBe(204);
  });

  test('credentials are checked before the request is: strangers learn nothing about it', async () => {
    expect((await call('POST', '/v1/notes', undefined, { wrong: 1 })).status).toBe(401);
  });

  test('probes, metrics and the document need none; a handler without a spec needs an admin', async () => {
    for (const open of ['/health/live', '/health/ready', '/openapi.json'])
      expect((await call('GET', open)).status).toBe(200);
    expect((await fetch(`${running.url}/metrics`)).status).toBe(200);
    expect((await call('GET', '/v1/notes/undecorated')).status).toBe(401);
    expect((await call('GET', '/v1/notes/undecorated', 'Bearer ci.ops-secret')).status).toBe(403);
  });
});
