import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type HttpOnly, startHttpOnly, V1 } from './http-only.ts';
import { SCHEMA_7 } from './recording-registry.ts';

let http: HttpOnly | undefined;
beforeEach(async () => {
  await http?.stop();
  http = await startHttpOnly();
});
afterAll(() => http?.stop());

const get = (path: string, headers: Record<string, string> = {}) => http!.call('GET', path, { headers });
const asked = () => http!.recording.calls.length;

describe('a read by id or guid', () => {
  test.each([
    ['/schemas/ids/7'],
    ['/schemas/ids/7/schema'],
    ['/schemas/guids/g'],
    ['/schemas/guids/g/schema'],
    ['/schemas/ids/7?format=resolved'],
  ])('%s is made once and then given again, the same to the byte', async (path) => {
    const first = await get(path);
    const second = await get(path);
    expect(asked()).toBe(1);
    expect([second.status, second.text]).toEqual([200, first.text]);
    for (const name of ['content-type', 'content-length', 'etag', 'cache-control', 'vary']) {
      expect([name, second.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    }
    expect(first.headers.get('cache-control')).toBe('private, max-age=300, immutable');
    expect(second.headers.get('x-request-id')).toBeTruthy();
  });

  test('is 304 for the tag that the client has, before and after it is kept', async () => {
    const etag = (await get('/schemas/ids/7')).headers.get('etag')!;
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await get('/schemas/ids/7', { 'if-none-match': tag });
      expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', etag]);
    }
    http!.reads.forget();
    expect((await get('/schemas/ids/7', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/schemas/ids/7', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('that is kept still has the media type that is asked for, or none', async () => {
    await get('/schemas/ids/7');
    expect((await get('/schemas/ids/7')).headers.get('content-type')).toBe(V1);
    expect((await get('/schemas/ids/7', { accept: 'application/json' })).headers.get('content-type')).toBe(
      'application/json',
    );
    expect((await get('/schemas/ids/7', { accept: 'text/html' })).status).toBe(406);
  });

  test('is asked for again after something was deleted', async () => {
    await get('/schemas/ids/7');
    http!.reads.forget();
    await get('/schemas/ids/7');
    expect(asked()).toBe(2);
  });

  test('that was on its way while something was deleted is not kept', async () => {
    http!.recording.answer('getById', () => {
      http!.reads.forget();
      return SCHEMA_7;
    });
    await get('/schemas/ids/7');
    http!.recording.answer('getById', SCHEMA_7);
    await get('/schemas/ids/7');
    expect(asked()).toBe(2);
  });

  test.each([
    ['what is deleted softly', '/schemas/ids/7', { ...SCHEMA_7, deleted: true }],
    ['the highest id', '/schemas/ids/7?fetchMaxId=true', { ...SCHEMA_7, maxId: 9 }],
    ['a subject found elsewhere', '/schemas/ids/7?subject=s', { ...SCHEMA_7, subject: ':.a:s', version: 1 }],
  ])('does not keep %s', async (_name, path, found) => {
    http!.recording.answer('getById', found);
    const first = await get(path);
    await get(path);
    expect(asked()).toBe(2);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
  });

  test('with its subject is kept here, but clients ask again', async () => {
    http!.recording.answer('getById', { ...SCHEMA_7, subject: 's', version: 1 });
    const first = await get('/schemas/ids/7?subject=s');
    await get('/schemas/ids/7?subject=s');
    expect([asked(), first.headers.get('cache-control')]).toEqual([1, 'private, no-cache']);
    expect(first.json).toMatchObject({ subject: 's', version: 1 });
  });

  test('that fails is not kept', async () => {
    http!.recording.answer('getById', new Error('broken'));
    expect((await get('/schemas/ids/7')).status).toBe(500);
    http!.recording.answer('getById', SCHEMA_7);
    expect((await get('/schemas/ids/7')).status).toBe(200);
  });
});
