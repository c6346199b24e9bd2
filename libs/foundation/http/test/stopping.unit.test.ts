import { Agent, request } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { closeHttpApp } from '../src/index.ts';
import { controls } from './support/notes.controller.ts';
import { type RunningApp, startApp } from './support/running-app.ts';

let running: RunningApp | undefined;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

afterEach(async () => {
  await running?.app.close();
  agent.destroy();
});

/** Steers the handlers: a gate that they wait at, and what they have seen. */
function steer() {
  let open: () => void = () => undefined;
  let entered: () => void = () => undefined;
  const reasons: unknown[] = [];
  const inside = new Promise<void>((resolve) => (entered = resolve));
  const gate = new Promise<void>((resolve) => (open = resolve));
  controls.current = { gate, entered, onAbort: (reason) => reasons.push(reason) };
  return { open, inside, reasons };
}

interface Answer {
  readonly status: number;
  readonly connection: string | undefined;
  readonly body: string;
}

/** A request on the one keep-alive connection of the agent. */
function get(path: string, through: Agent | undefined = agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ port: running!.port, host: '127.0.0.1', path, agent: through }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, body }),
      );
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

describe('stopping', () => {
  test('a request in progress finishes, its connection closes, and the close waits for it', async () => {
    running = await startApp();
    const { open, inside } = steer();
    const slow = get('/v1/notes/slow');
    await inside;
    let closed = false;
    const closing = running.app.close().then(() => (closed = true));
    // The listening socket goes at the end of the drain: new connections are refused by then.
    await eventually(() => expect(get('/v1/notes/x', new Agent())).rejects.toThrow(/ECONNREFUSED/));
    expect(closed).toBe(false);
    open();
    expect(await slow).toEqual({ status: 200, connection: 'close', body: '{"done":true}' });
    await closing;
  });

  test('new requests are refused with SHUTTING_DOWN while modules are still stopping; probes are answered', async () => {
    running = await startApp();
    const adapter = running.app.getHttpAdapter();
    adapter.beforeClose?.();
    running.health.markStopping();
    const refused = await get('/v1/notes/x');
    expect([refused.status, refused.connection]).toEqual([503, 'close']);
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'SHUTTING_DOWN', retryable: true });
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/health/ready')).status).toBe(503);
    expect((await get('/metrics')).status).toBe(200);
  });

  test('idle keep-alive connections do not hold up the close', async () => {
    running = await startApp({ drainMs: 60_000 });
    expect((await get('/v1/notes/x')).connection).toBe('keep-alive');
    const before = performance.now();
    await running.app.close();
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  test('a stream is told to end, and ends whole', async () => {
    running = await startApp();
    const { inside, reasons } = steer();
    const stream = get('/v1/notes/tail');
    await inside;
    await running.app.close();
    expect((await stream).body).toContain('id: 1\nevent: note\ndata: {"text":"first\\nline"}\n\n');
    expect(reasons).toEqual([expect.objectContaining({ code: 'SHUTTING_DOWN' })]);
  });

  test('a request that does not end is cut off when the drain time is over', async () => {
    running = await startApp({ drainMs: 30 });
    const { inside, open } = steer();
    const slow = get('/v1/notes/slow').then(
      () => 'answered',
      (error: NodeJS.ErrnoException) => error.code,
    );
    await inside;
    await running.app.close();
    expect(await slow).toBe('ECONNRESET');
    open();
  });

  test('who closes can give it less time than the drain time', async () => {
    running = await startApp({ drainMs: 60_000 });
    const { inside, open } = steer();
    const slow = get('/v1/notes/slow').then(
      () => 'answered',
      (error: NodeJS.ErrnoException) => error.code,
    );
    await inside;
    await closeHttpApp(running.app, 30);
    expect(await slow).toBe('ECONNRESET');
    open();
  });
});

describe('time limit', () => {
  test('a handler that takes too long is answered for, and told by its signal', async () => {
    running = await startApp({ timeoutMs: 30 });
    const { open, reasons } = steer();
    const answer = await get('/v1/notes/slow');
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([
      503,
      { code: 'REQUEST_TIMEOUT', detail: expect.stringContaining('30 ms') },
    ]);
    expect(reasons[0]).toMatchObject({ code: 'REQUEST_TIMEOUT' });
    open();
  });

  test('streams have none, are kept alive in silence, and end when the client leaves', async () => {
    running = await startApp({ timeoutMs: 30 });
    const { reasons } = steer();
    const leave = new AbortController();
    const response = await fetch(`${running.url}/v1/notes/tail`, { signal: leave.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body!.getReader();
    const decoder = new TextDecoder();
    let text = '';
    // Three comments are sent after 60 ms of silence or more, which is twice the limit of other requests.
    while ((text.match(/: waiting/g)?.length ?? 0) < 3) text += decoder.decode((await reader.read()).value);
    expect(reasons).toEqual([]);
    leave.abort();
    await eventually(() => expect(reasons).toHaveLength(1));
  });
});
