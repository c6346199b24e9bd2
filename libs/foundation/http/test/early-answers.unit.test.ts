import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import type { Authenticator, EarlyAnswer, EarlyAnswers } from '../src/index.ts';
import { type RunningApp, startApp } from './support/running-app.ts';

let running: RunningApp;
afterEach(() => running.app.close());

const HELLO: EarlyAnswer = {
  status: 200,
  headers: { 'content-type': 'text/plain', etag: '"1"' },
  body: Buffer.from('Grüße 😀').toString('latin1'),
  route: '/v1/notes/:name',
};

const early = (answers: Record<string, EarlyAnswer>): EarlyAnswers => ({
  role: 'operator',
  find: (url) => answers[url],
});

test('a finished answer is sent as it is, with the id of its request, logged and counted', async () => {
  running = await startApp({ earlyAnswers: early({ '/v1/notes/x?a=1': HELLO }) });
  const answer = await fetch(`${running.url}/v1/notes/x?a=1`, { headers: { 'x-request-id': 'r-7' } });
  expect([answer.status, await answer.text()]).toEqual([200, 'Grüße 😀']);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/plain',
    'content-length': '12',
    etag: '"1"',
    'x-request-id': 'r-7',
  });
  await eventually(() => {
    expect(running.lines).toContainEqual(
      expect.objectContaining({
        message: 'answered request',
        route: '/v1/notes/:name',
        requestId: 'r-7',
        actor: 'local',
      }),
    );
  });
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  expect(metrics).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/v1\/notes\/:name",status="200"/);
});

test('another URL, another method, and an answer without a body', async () => {
  const unchanged = { ...HELLO, status: 304, body: undefined };
  running = await startApp({ earlyAnswers: early({ '/v1/notes/x': HELLO, '/v1/notes/y': unchanged }) });
  expect((await (await fetch(`${running.url}/v1/notes/z`)).json()) as object).toMatchObject({ name: 'z' });
  expect((await fetch(`${running.url}/v1/notes/x`, { method: 'DELETE' })).status).toBe(204);
  const answer = await fetch(`${running.url}/v1/notes/y`);
  expect([answer.status, await answer.text()]).toEqual([304, '']);
});

test('who may not have it is refused as everywhere', async () => {
  const viewer: Authenticator = { authenticate: async () => ({ name: 'ada', role: 'viewer', via: 'basic' }) };
  running = await startApp({ authenticator: viewer, earlyAnswers: early({ '/v1/notes/slow': HELLO }) });
  const answer = await fetch(`${running.url}/v1/notes/slow`);
  // The endpoint itself is for viewers: the ordinary way decides.
  expect(await answer.json()).toEqual({ done: true });
  const nobody: Authenticator = { authenticate: async () => undefined };
  await running.app.close();
  running = await startApp({ authenticator: nobody, earlyAnswers: early({ '/v1/notes/slow': HELLO }) });
  const refused = await fetch(`${running.url}/v1/notes/slow`);
  expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'UNAUTHENTICATED' }]);
});
