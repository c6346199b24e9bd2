import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { cachedToken } from '../src/config/cached-token.ts';
import { obtainToken } from '../src/config/client-credentials.ts';

describe('cachedToken', () => {
  function tokens(validMs: number) {
    const state = { nowMs: 1_000, asked: 0, fails: false, gate: Promise.resolve() };
    const token = cachedToken(
      async () => {
        state.asked += 1;
        const nth = state.asked;
        await state.gate;
        if (state.fails) throw new Error(`failure ${nth}`);
        return { token: `token ${nth}`, validMs };
      },
      { now: () => state.nowMs },
    );
    return { state, token };
  }

  test('is kept until a minute before its end', async () => {
    const { state, token } = tokens(3_600_000);
    expect(await token()).toBe('token 1');
    state.nowMs += 3_539_999;
    expect(await token()).toBe('token 1');
    state.nowMs += 1;
    expect(await token()).toBe('token 2');
  });

  test('a short one is kept for four fifths of its life', async () => {
    const { state, token } = tokens(10_000);
    await token();
    state.nowMs += 7_999;
    expect(await token()).toBe('token 1');
    state.nowMs += 1;
    expect(await token()).toBe('token 2');
  });

  test('callers at the same time share one request, and its failure', async () => {
    const { state, token } = tokens(10_000);
    let open = (): void => undefined;
    state.gate = new Promise((resolve) => (open = resolve));
    const calls = [token(), token(), token()];
    open();
    expect(await Promise.all(calls)).toEqual(['token 1', 'token 1', 'token 1']);
    state.nowMs += 20_000;
    state.fails = true;
    const failing = await Promise.allSettled([token(), token()]);
    expect(failing.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    expect(state.asked).toBe(2);
  });

  test('the old one serves until its end when renewing fails, and a failure is not remembered', async () => {
    const { state, token } = tokens(10_000);
    await token();
    state.fails = true;
    state.nowMs += 9_999;
    expect(await token()).toBe('token 1');
    state.nowMs += 1;
    await expect(token()).rejects.toThrow('failure 3');
    state.fails = false;
    expect(await token()).toBe('token 4');
  });
});

describe('obtainToken', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    server = undefined;
  });

  async function endpoint(answer: (request: IncomingMessage, body: string, response: ServerResponse) => void) {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
    });
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  }

  const credentials = (tokenUrl: string, timeoutMs = 5_000) => ({
    place: 'clusters.eu.sasl.tokenUrl',
    tokenUrl,
    clientId: 'relay:1',
    clientSecret: async () => 'hunter2 ü',
    scope: 'kafka write',
    timeoutMs,
  });

  test('asks for client credentials as the RFC says', async () => {
    const seen: unknown[] = [];
    const url = await endpoint((request, body, response) => {
      seen.push(request.method, request.headers.authorization, request.headers['content-type'], body);
      response.end(JSON.stringify({ access_token: 'abc', expires_in: 300, token_type: 'Bearer' }));
    });
    expect(await obtainToken(credentials(url))).toEqual({ token: 'abc', validMs: 300_000 });
    expect(seen).toEqual([
      'POST',
      `Basic ${Buffer.from('relay%3A1:hunter2+%C3%BC').toString('base64')}`,
      'application/x-www-form-urlencoded;charset=UTF-8',
      'grant_type=client_credentials&scope=kafka+write',
    ]);
  });

  test('an endpoint that does not tell the life of a token is asked again after a minute', async () => {
    const url = await endpoint((_request, _body, response) => response.end('{"access_token":"abc"}'));
    expect(await obtainToken(credentials(url))).toEqual({ token: 'abc', validMs: 60_000 });
  });

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      'a refusal',
      (response) => response.writeHead(401).end('{"error":"invalid_client"}'),
      /answers 401 \(invalid_client\)$/,
    ],
    ['a private error', (response) => response.writeHead(400).end('{"error":"no hunter2"}'), /answers 400$/],
    ['no JSON', (response) => response.end('<html>'), /answers without an access_token$/],
    ['no token', (response) => response.end('{"token":"x"}'), /answers without an access_token$/],
    ['a redirect', (response) => response.writeHead(302, { location: '/other' }).end(), /does not answer: /],
    ['an endless answer', (response) => response.end('x'.repeat(300_000)), /does not answer: an answer of more than/],
  ])('%s', async (_what, answer, message) => {
    const url = await endpoint((_request, _body, response) => answer(response));
    const failure = await obtainToken(credentials(url)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      retryable: true,
      message: expect.stringMatching(/^clusters\.eu\.sasl\.tokenUrl: 127\.0\.0\.1:\d+ /),
    });
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).not.toContain('hunter2');
  });

  test('an endpoint that is silent is given up in time', async () => {
    const url = await endpoint(() => undefined);
    await expect(obtainToken(credentials(url, 50))).rejects.toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      message: expect.stringMatching(/does not answer: .*timeout/),
    });
  });
});
