import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { tidemark } from './harness/command-line.ts';
import { RelayProcess } from './harness/relay-process.ts';

let database: TestDatabase;
let folder: string;
let relay: RelayProcess;
let url: string;
const secrets: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-sign-in-'));
  const file = join(folder, 'credentials.json');
  for (const [name, role, kind] of [
    ['anna', 'operator', 'user'],
    ['reader', 'viewer', 'token'],
  ] as const) {
    const add = ['credentials', 'add', name, '--role', role, '--kind', kind, '--file', file, '--generate', '--json'];
    secrets[name] = (JSON.parse((await tidemark({}, add)).out) as { secret: string }).secret;
  }
  database = await createTestDatabase();
  relay = new RelayProcess(database.url, { TIDEMARK_CREDENTIALS_FILE: file });
  url = await relay.url();
});
afterAll(async () => {
  await relay.kill();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

test('credentials that the command has made open the relay, each as far as its role goes', async () => {
  const create = (topic: string) => ['topics', 'create', topic];
  const env = { TIDEMARK_URL: url };
  const nobody = await tidemark(env, create('a'));
  expect(nobody).toMatchObject({ code: 1, err: expect.stringMatching(/UNAUTHENTICATED[^]*--user name:password/) });
  const viewer = await tidemark({ ...env, TIDEMARK_TOKEN: secrets['reader']! }, create('a'));
  expect(viewer).toMatchObject({ code: 1, err: expect.stringContaining('FORBIDDEN') });
  const operator = await tidemark(env, [...create('a'), '--user', `anna:${secrets['anna']}`]);
  expect(operator).toMatchObject({ code: 0, err: '' });
  const secretFile = join(folder, 'token');
  await writeFile(secretFile, `${secrets['reader']}\n`);
  const listed = await tidemark({ ...env, TIDEMARK_TOKEN_FILE: secretFile }, ['topics', '--json']);
  expect(JSON.parse(listed.out)).toEqual([expect.objectContaining({ name: 'a' })]);
});
