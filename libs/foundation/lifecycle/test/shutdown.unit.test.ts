import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Shutdown } from '../src/index.ts';
import { ManualTime } from './manual-time.ts';

const quiet = { print: () => undefined, exit: () => undefined };

describe('stop', () => {
  test('goes in reverse order, once, and gives each part its deadline', async () => {
    const time = new ManualTime();
    const order: string[] = [];
    const shutdown = new Shutdown({ ...quiet, deadlineMs: 30_000, clock: time, sleep: time.sleep });
    for (const name of ['postgres', 'pool', 'loop'])
      shutdown.add(name, async (deadlineMs) => void order.push(`${name} ${deadlineMs}`));
    const first = shutdown.stop();
    expect(shutdown.stop()).toBe(first);
    expect(await first).toEqual([]);
    expect(order).toEqual(['loop 27000', 'pool 28000', 'postgres 29000']);
    expect(() => shutdown.add('late', async () => undefined)).toThrow(
      expect.objectContaining({ code: 'SHUTTING_DOWN' }),
    );
  });

  test('collects failures, hanging parts and recorded ones, and still stops the rest', async () => {
    const time = new ManualTime();
    let stopped = false;
    const shutdown = new Shutdown({ ...quiet, deadlineMs: 10_000, clock: time, sleep: time.sleep });
    shutdown.add('postgres', async () => void (stopped = true));
    shutdown.add('throws', () => {
      throw new Error('at once');
    });
    shutdown.add('hangs', () => new Promise(() => undefined));
    shutdown.recordFailure('hook', new Error('swallowed elsewhere'));
    const stopping = shutdown.stop();
    await time.advance(8_000);
    const failures = await stopping;
    expect(failures.map(({ name, error }) => [name, (error as Error).message])).toEqual([
      ['hook', 'swallowed elsewhere'],
      ['hangs', 'hangs did not stop within 8000 ms'],
      ['throws', 'at once'],
    ]);
    expect(stopped).toBe(true);
  });
});

describe('signals, in a process of their own', () => {
  const fixture = fileURLToPath(new URL('./signalled.fixture.ts', import.meta.url));

  async function run(mode: string, signals: readonly NodeJS.Signals[]): Promise<{ code: number | null; out: string }> {
    const child = spawn(process.execPath, ['--conditions=source', fixture, mode], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let sent = 0;
    const onData = (chunk: Buffer): void => {
      out += chunk.toString();
      // Each signal waits until the one before it was noticed.
      const due = out.includes('stopping') ? 2 : out.includes('ready') ? 1 : 0;
      for (; sent < Math.min(due, signals.length); sent += 1) child.kill(signals[sent]);
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out };
  }

  test('SIGTERM drains and exits 0', async () => {
    const { code, out } = await run('drains', ['SIGTERM']);
    expect(out).toContain('drained');
    expect(code).toBe(0);
  });

  test('a failure is printed with its remedy and exits 1', async () => {
    const { code, out } = await run('fails', ['SIGINT']);
    expect(out).toContain('loop: STOP_DEADLINE_EXCEEDED: stuck\n  Nothing is lost');
    expect(code).toBe(1);
  });

  test('a second signal exits at once with 130', async () => {
    expect((await run('hangs', ['SIGTERM', 'SIGINT'])).code).toBe(130);
  });
});
