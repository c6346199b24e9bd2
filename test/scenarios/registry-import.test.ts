import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { Child } from './harness/child.ts';
import { type Answer, tidemark } from './harness/command-line.ts';
import { RegistryProcess } from './harness/registry-process.ts';
import { RegistryRequests } from './harness/registry-requests.ts';
import { fillVaried } from './harness/varied-registry.ts';

const PROGRAM = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url));

interface Running {
  readonly database: TestDatabase;
  readonly process: RegistryProcess;
  readonly url: string;
  readonly requests: RegistryRequests;
}

async function start(): Promise<Running> {
  const database = await createTestDatabase();
  const process = new RegistryProcess(database.url);
  const url = await process.url();
  return { database, process, url, requests: new RegistryRequests(url) };
}
async function stop(running: Running): Promise<void> {
  await running.process.kill();
  await running.database.drop();
}

let source: Running;
let target: Running;
const stopped: Promise<void>[] = [];
beforeAll(async () => {
  source = await start();
  await fillVaried(source.requests);
});
beforeEach(async () => {
  if (target !== undefined) stopped.push(stop(target));
  target = await start();
});
afterAll(async () => {
  await Promise.all([...stopped, stop(source), stop(target)]);
});

const copy = (...args: string[]): Promise<Answer> =>
  tidemark({ TIDEMARK_REGISTRY_URL: target.url }, ['registry', 'import', '--from', source.url, ...args]);
const modeOf = (place: string) => target.requests.get<{ mode: string }>(`/mode${place}`);
async function settings({ requests }: Running): Promise<unknown[]> {
  const paths = ['/config', '/config/orders-value', '/config/:.eu:', '/mode', '/mode/money'];
  return Promise.all(paths.map((path) => requests.get(path)));
}
async function audited({ database }: Running): Promise<number> {
  const { rows } = await database.db.query<{ count: number }>('select count(*)::int from audit.entry');
  return rows[0]!.count;
}

describe('importing a registry', () => {
  test('keeps everything, reads every id back, and changes nothing a second time', async () => {
    const first = await copy();
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/: 0 differences\nchecksum of both: sha256 [0-9a-f]{64}$/);
    expect(await target.requests.contents()).toEqual(await source.requests.contents());
    expect(await settings(target)).toEqual(await settings(source));
    expect(await target.requests.get('/contexts')).toEqual(['.', '.eu', '.us']);
    const before = await audited(target);
    const second = await copy();
    expect([second.code, second.out, await audited(target)]).toEqual([
      0,
      expect.stringContaining('nothing to copy: all of it is here already'),
      before,
    ]);
  });

  test('goes on giving ids and versions where the source would', async () => {
    await copy();
    const schema = JSON.stringify({ type: 'record', name: 'Bill', fields: [] });
    const next = await target.requests.register(':.us:bill', { schema });
    expect([next.id > 400, next.version]).toEqual([true, 8]);
  });

  test('brings over what changed since', async () => {
    await copy();
    await source.requests.register('late', { schema: '"string"' });
    await source.requests.delete('/subjects/:.eu:invoice/versions/1');
    try {
      const again = await copy();
      expect([again.code, again.err]).toEqual([0, '']);
      expect(again.out).toContain('copied 1 versions, 1 soft deletions, 0 settings');
      expect(await target.requests.contents()).toEqual(await source.requests.contents());
      expect(await settings(target)).toEqual(await settings(source));
    } finally {
      await source.requests.delete('/subjects/late');
      await source.requests.delete('/subjects/late?permanent=true');
    }
  });

  test('one context is copied alone', async () => {
    expect(await copy('--context', 'us')).toMatchObject({ code: 0, err: '' });
    expect(await target.requests.get('/subjects?subjectPrefix=:*:')).toEqual([':.us:bill']);
  });
});

describe('an import that is interrupted', () => {
  test.each([['SIGINT'], ['SIGKILL']] as const)('by %s in the middle can be repeated', async (signal) => {
    await source.requests.send('PUT', '/config/many', { compatibility: 'NONE' });
    for (let index = 0; index < 60; index++) {
      const schema = JSON.stringify({ type: 'enum', name: 'Many', symbols: [`S${index}`] });
      await source.requests.register('many', { schema });
    }
    const child = new Child([
      PROGRAM,
      'registry',
      'import',
      '--from',
      source.url,
      '--url',
      target.url,
      '--concurrency',
      '1',
    ]);
    await eventually(async () => {
      const { rows } = await target.database.db.query<{ count: number }>(
        'select count(*)::int from registry.subject_version',
      );
      if (rows[0]!.count < 3) throw new Error('nothing has been copied yet');
    }, 30_000);
    child.signal(signal);
    const exit = await child.exited;
    if (signal === 'SIGINT') {
      expect(exit.code).toBe(130);
      expect(child.lines.join('\n')).toMatch(/stopped while registering, after \d+ of \d+; the same command goes on/);
      expect(await modeOf('')).toEqual({ mode: 'READWRITE' });
    }
    const again = await copy();
    expect([again.code, again.err]).toEqual([0, '']);
    expect(await modeOf('')).toEqual({ mode: 'READWRITE' });
    expect(await target.requests.contents()).toEqual(await source.requests.contents());
  });
});
