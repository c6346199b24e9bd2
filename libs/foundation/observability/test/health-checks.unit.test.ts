import { expect, test } from '@jest/globals';
import { HealthChecks } from '../src/index.ts';

test('ready when all checks are; each failure is named with its detail', async () => {
  const health = new HealthChecks();
  health.addReadiness({ name: 'database', check: async () => ({ ok: true, detail: 'answered' }) });
  expect(await health.ready()).toEqual({ ok: true, checks: [{ name: 'database', ok: true, detail: 'answered' }] });
  const remove = health.addReadiness({
    name: 'broker',
    check: async () => {
      throw new Error('no route to kafka://user:hunter2@broker');
    },
  });
  const report = await health.ready();
  expect(report.ok).toBe(false);
  expect(report.checks[1]).toEqual({ name: 'broker', ok: false, detail: 'no route to kafka://user:***@broker' });
  expect((await health.live()).ok).toBe(true);
  remove();
  expect((await health.ready()).ok).toBe(true);
});

test('a hanging check fails after its time limit and is not started again while it hangs', async () => {
  const health = new HealthChecks({ timeLimitMs: 20 });
  let started = 0;
  let answer: (() => void) | undefined;
  health.addReadiness({
    name: 'slow',
    check: () => {
      started += 1;
      return new Promise((resolve) => {
        answer = () => resolve({ ok: true, detail: 'late' });
      });
    },
  });
  expect((await health.ready()).checks[0]).toEqual({ name: 'slow', ok: false, detail: 'no answer within 20 ms' });
  expect((await health.ready()).ok).toBe(false);
  expect(started).toBe(1);
  const third = health.ready();
  answer?.();
  expect(await third).toMatchObject({ ok: true, checks: [{ detail: 'late' }] });
});

test('a stopping process is live but not ready', async () => {
  const health = new HealthChecks();
  health.addReadiness({ name: 'database', check: async () => ({ ok: true, detail: '' }) });
  health.markStopping();
  expect(await health.ready()).toEqual({ ok: false, checks: [{ name: 'lifecycle', ok: false, detail: 'stopping' }] });
  expect((await health.live()).ok).toBe(true);
});

test('a name can be used once', () => {
  const health = new HealthChecks();
  const check = { name: 'x', check: async () => ({ ok: true, detail: '' }) };
  health.addReadiness(check);
  expect(() => health.addReadiness(check)).toThrow('exists already');
});
