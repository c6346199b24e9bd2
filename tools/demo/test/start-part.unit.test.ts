import { expect, test } from '@jest/globals';
import { Shutdown } from '#libs/foundation/lifecycle';
import { startPart } from '../start-part.ts';

test('a stop that comes during a start waits for it', async () => {
  const shutdown = new Shutdown();
  let ready: (part: string) => void = () => undefined;
  const start = (): Promise<string> => new Promise((resolve) => (ready = resolve));
  const stopped: string[] = [];
  const started = startPart(shutdown, 'server', start, async (part) => void stopped.push(part));
  const stopping = shutdown.stop();
  expect(stopped).toEqual([]);
  ready('server 1');
  await expect(started).resolves.toBe('server 1');
  await expect(stopping).resolves.toEqual([]);
  expect(stopped).toEqual(['server 1']);
});

test('a part that could not be started is not stopped, and its failure is told once', async () => {
  const shutdown = new Shutdown();
  const started = startPart(
    shutdown,
    'server',
    () => Promise.reject(new Error('no room')),
    () => Promise.reject(new Error('stopped')),
  );
  await expect(started).rejects.toThrow('no room');
  await expect(shutdown.stop()).resolves.toEqual([]);
});

test('after the stop nothing is started', async () => {
  const shutdown = new Shutdown();
  await shutdown.stop();
  let starts = 0;
  const start = (): Promise<number> => Promise.resolve((starts += 1));
  expect(() => startPart(shutdown, 'server', start, async () => undefined)).toThrow(/stopping/);
  expect(starts).toBe(0);
});
