import { describe, expect, test } from '@jest/globals';
import { Loop, type LoopOptions, type LoopStateChange, STOP_GRACE_MS } from '../src/index.ts';
import { ManualTime, turns } from './manual-time.ts';

interface Bench {
  readonly loop: Loop<'lease' | 'operator'>;
  readonly time: ManualTime;
  readonly changes: string[];
  steps: number;
}

function bench(options: Partial<LoopOptions> = {}): Bench {
  const time = new ManualTime();
  const changes: string[] = [];
  const made: Bench = {
    time,
    changes,
    steps: 0,
    loop: new Loop({
      name: 'bench',
      onError: () => 'fail',
      onStateChange: ({ from, to }: LoopStateChange) => changes.push(`${from}>${to}`),
      clock: time,
      sleep: time.sleep,
      ...options,
      step: async (signal) => {
        made.steps += 1;
        return (await options.step?.(signal)) ?? { waitMs: 100 };
      },
    }),
  };
  return made;
}

describe('running', () => {
  test('nothing happens before start; waits follow what the step answers', async () => {
    const b = bench();
    await turns();
    expect([b.loop.state, b.steps]).toEqual(['idle', 0]);
    await b.loop.start();
    await turns();
    expect([b.steps, b.time.pending]).toEqual([1, [100]]);
    await b.time.advance(99);
    expect(b.steps).toBe(1);
    await b.time.advance(1);
    expect(b.steps).toBe(2);
    await b.loop.stop({ deadlineMs: 1_000 });
    expect(b.changes).toEqual(['idle>running', 'running>draining', 'draining>stopped']);
  });

  test('a wait of 0 lets other work of the event loop through', async () => {
    const b = bench({ step: async () => ({ waitMs: 0 }) });
    await b.loop.start();
    // A loop that never let go would keep this timer from firing at all.
    while (b.steps < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    await b.loop.stop({ deadlineMs: 1_000 });
  });

  test('concurrent and repeated starts run one step at a time', async () => {
    const b = bench();
    await Promise.all([b.loop.start(), b.loop.start()]);
    await b.loop.start();
    await turns();
    expect([b.steps, b.time.pending]).toEqual([1, [100]]);
    await b.loop.stop({ deadlineMs: 1_000 });
  });

  test('wake cuts a wait short, and is not lost when it comes during a step', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const b: Bench = bench({
      step: async () => {
        if (b.steps === 2) await held;
        return { waitMs: 100 };
      },
    });
    await b.loop.start();
    await turns();
    b.loop.wake();
    await turns();
    expect(b.steps).toBe(2);
    b.loop.wake();
    release();
    await turns();
    expect([b.steps, b.time.pending]).toEqual([3, [100]]);
    await b.loop.stop({ deadlineMs: 1_000 });
  });
});

describe('pausing', () => {
  test('resumes at once when the last reason is taken back', async () => {
    const b = bench();
    await b.loop.start();
    await turns();
    b.loop.pause('lease');
    b.loop.pause('operator');
    await b.time.advance(1_000);
    expect([b.loop.state, b.steps, b.loop.status().pauseReasons]).toEqual(['paused', 1, ['lease', 'operator']]);
    b.loop.resume('lease');
    b.loop.wake();
    await turns();
    expect([b.loop.state, b.steps]).toEqual(['paused', 1]);
    b.loop.resume('operator');
    await turns();
    expect([b.loop.state, b.steps]).toEqual(['running', 2]);
    await b.loop.stop({ deadlineMs: 1_000 });
  });

  test('a reason given before start holds; a paused loop stops', async () => {
    const b = bench();
    b.loop.pause('lease');
    await b.loop.start();
    await turns();
    expect([b.loop.state, b.steps]).toEqual(['paused', 0]);
    await b.loop.stop({ deadlineMs: 1_000 });
    expect(b.changes).toEqual(['idle>running', 'running>paused', 'paused>draining', 'draining>stopped']);
    expect(b.steps).toBe(0);
  });
});

describe('stopping', () => {
  test('lets the step end, shares one promise, and allows another start', async () => {
    let release = (): void => undefined;
    let aborted: boolean | undefined;
    const b = bench({
      step: async (signal) => {
        await new Promise<void>((resolve) => (release = resolve));
        aborted = signal.aborted;
        return { waitMs: 0 };
      },
    });
    await b.loop.start();
    const stopping = b.loop.stop({ deadlineMs: 1_000 });
    expect(b.loop.stop({ deadlineMs: 1 })).toBe(stopping);
    await expect(b.loop.start()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await b.time.advance(999);
    expect(b.loop.state).toBe('draining');
    release();
    await stopping;
    expect([b.loop.state, aborted, b.steps, b.time.pending]).toEqual(['stopped', false, 1, []]);
    await b.loop.start();
    expect([b.loop.state, b.steps]).toEqual(['running', 2]);
    release();
    await b.loop.stop({ deadlineMs: 1_000 });
  });

  test('cancels the step after the deadline, and takes its AbortError for an answer', async () => {
    const b = bench({
      step: (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    });
    await b.loop.start();
    const stopping = b.loop.stop({ deadlineMs: 50 });
    await b.time.advance(50);
    await stopping;
    expect([b.loop.state, b.loop.status().lastError]).toEqual(['stopped', null]);
  });

  test('gives up a step that does not end, and stays failed when it ends late', async () => {
    let release = (): void => undefined;
    const b = bench({
      step: async () => {
        await new Promise<void>((resolve) => (release = resolve));
        return { waitMs: 0 };
      },
    });
    await b.loop.start();
    const stopping = b.loop.stop({ deadlineMs: 50 });
    const outcome = expect(stopping).rejects.toMatchObject({
      code: 'STOP_DEADLINE_EXCEEDED',
      context: { loop: 'bench', deadlineMs: 50 },
    });
    await b.time.advance(50);
    expect(b.loop.state).toBe('draining');
    await b.time.advance(STOP_GRACE_MS);
    await outcome;
    release();
    await turns();
    expect([b.loop.state, b.steps]).toEqual(['failed', 1]);
    await expect(b.loop.start()).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  test('before a start is fine', async () => {
    const b = bench();
    await b.loop.stop({ deadlineMs: 0 });
    expect([b.loop.state, b.steps]).toEqual(['stopped', 0]);
  });
});

describe('errors', () => {
  test('are reported and retried after the wait that onError chose', async () => {
    const seen: unknown[] = [];
    const b: Bench = bench({
      step: async () => {
        if (b.steps < 3) throw new Error(`no ${b.steps}`);
        return { waitMs: 100 };
      },
      onError: (error) => {
        seen.push(error);
        return { waitMs: 7 };
      },
    });
    await b.loop.start();
    await turns();
    expect(b.time.pending).toEqual([7]);
    await b.time.advance(7);
    await b.time.advance(7);
    expect([b.steps, b.time.pending, seen.map(String)]).toEqual([3, [100], ['Error: no 1', 'Error: no 2']]);
    expect(b.loop.status()).toMatchObject({
      stepsEnded: 3,
      lastError: 'no 2',
      stepStartedAt: null,
      lastStepEndedAt: 14,
    });
    await b.loop.stop({ deadlineMs: 1_000 });
  });

  test("'fail' ends the loop with its error; stopping it then resolves", async () => {
    const failures: unknown[] = [];
    const b = bench({
      step: () => Promise.reject(new Error('disk on fire')),
      onStateChange: (change) => change.to === 'failed' && failures.push(change.error),
    });
    await b.loop.start();
    await turns();
    expect([b.loop.state, failures.map(String)]).toEqual(['failed', ['Error: disk on fire']]);
    await b.loop.stop({ deadlineMs: 1_000 });
    await b.time.advance(10_000);
    expect([b.loop.state, b.steps]).toEqual(['failed', 1]);
  });

  test('a wait that is no number and an onError that throws are failures, not silence', async () => {
    const nan = bench({ step: async () => ({ waitMs: Number.NaN }) });
    await nan.loop.start();
    await turns();
    expect(nan.loop.status()).toMatchObject({
      state: 'failed',
      lastError: expect.stringContaining('waitMs NaN'),
    });
    const broken = bench({
      step: () => Promise.reject(new Error('first')),
      onError: () => {
        throw new Error('second');
      },
    });
    await broken.loop.start();
    await turns();
    expect(broken.loop.status()).toMatchObject({
      state: 'failed',
      lastError: expect.stringContaining('handling the error'),
    });
  });
});
