import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashSecret, type Role } from '#libs/foundation/credentials';
import { type HttpOnly, startHttpOnly } from './http-only.ts';

let http: HttpOnly;
let folder: string;

const basic = (name: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:secret-${name}`).toString('base64')}`,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-roles-'));
  const file = join(folder, 'credentials.json');
  const users = await Promise.all(
    (['viewer', 'operator', 'admin'] satisfies Role[]).map(async (role) => ({
      name: role,
      role,
      password: await hashSecret(`secret-${role}`),
    })),
  );
  await writeFile(file, JSON.stringify({ users, tokens: [] }));
  http = await startHttpOnly({ credentialsFile: file });
});
afterAll(async () => {
  await http.stop();
  await rm(folder, { recursive: true });
});

const BODY = { schema: '"string"' };
const READS = [
  'GET /subjects',
  'GET /config',
  'GET /mode',
  'GET /schemas/ids/7',
  'GET /schemas/types',
  'GET /contexts',
];
const CHECKS = ['POST /subjects/s', 'POST /compatibility/subjects/s/versions', 'POST /v1/compatibility/explain'];
const WRITES = [
  'POST /subjects/s/versions',
  'POST /subjects/s/versions/1/tags',
  'DELETE /subjects/s',
  'DELETE /subjects/s/versions/1',
  'PUT /config',
  'PUT /config/s',
  'DELETE /config/s',
  'PUT /mode',
  'DELETE /mode/s',
  'DELETE /contexts/a',
];

async function statusOf(request: string, headers: Record<string, string>): Promise<number> {
  const [method, path] = request.split(' ') as [string, string];
  return (await http.call(method, path, { headers, body: method === 'POST' || method === 'PUT' ? BODY : undefined }))
    .status;
}

describe('roles', () => {
  test.each([...READS, ...CHECKS])('%s is for viewers', async (request) => {
    expect(await statusOf(request, basic('viewer'))).toBe(200);
  });

  test.each(WRITES)('%s is for operators and admins', async (request) => {
    const before = http.recording.calls.length;
    expect(await statusOf(request, basic('viewer'))).toBe(403);
    expect(http.recording.calls).toHaveLength(before);
    for (const role of ['operator', 'admin']) {
      expect(await statusOf(request, basic(role))).toBeLessThan(300);
      expect(http.recording.last?.input.at(-1)).toMatchObject({ actor: role });
    }
  });

  test('without credentials, or with wrong ones, everything but the probes is 401', async () => {
    const none: Record<string, string>[] = [{}, { authorization: 'Basic bm9ib2R5Onh4' }, { authorization: 'nonsense' }];
    for (const headers of none) {
      for (const request of [...READS, ...CHECKS, ...WRITES]) expect(await statusOf(request, headers)).toBe(401);
    }
    const answer = await http.call('GET', '/subjects');
    expect(answer.json).toEqual({ error_code: 401, message: expect.any(String) });
    expect(answer.headers.get('www-authenticate')).toContain('Basic');
    for (const path of ['/', '/health/live', '/metrics', '/openapi.json']) {
      expect([path, await statusOf(`GET ${path}`, {})]).toEqual([path, 200]);
    }
  });

  test('what is kept is for those alone who may read it', async () => {
    await http.call('GET', '/schemas/ids/7', { headers: basic('viewer') });
    const before = http.recording.calls.length;
    expect((await http.call('GET', '/schemas/ids/7')).status).toBe(401);
    expect((await http.call('GET', '/schemas/ids/7', { headers: basic('viewer') })).status).toBe(200);
    expect(http.recording.calls).toHaveLength(before);
  });
});
