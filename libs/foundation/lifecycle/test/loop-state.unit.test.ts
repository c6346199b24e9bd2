import { describe, expect, test } from '@jest/globals';
import { LOOP_TRANSITIONS, type LoopEvent, type LoopState, nextLoopState } from '../src/index.ts';

const EVENTS: LoopEvent[] = ['start', 'pause', 'resume', 'stop', 'drained', 'fail'];
// Written out again, cell by cell, so that a change of the table is a decision that shows here. '-' is refused.
const EXPECTED: Record<LoopState, (LoopState | '-')[]> = {
  idle: ['running', 'idle', 'idle', 'stopped', '-', '-'],
  running: ['running', 'paused', 'running', 'draining', '-', 'failed'],
  paused: ['paused', 'paused', 'running', 'draining', '-', 'failed'],
  draining: ['-', 'draining', 'draining', 'draining', 'stopped', 'failed'],
  stopped: ['running', 'stopped', 'stopped', 'stopped', '-', '-'],
  failed: ['-', 'failed', 'failed', 'failed', '-', 'failed'],
};
const STATES = Object.keys(EXPECTED) as LoopState[];

describe('loop transitions', () => {
  const cells = STATES.flatMap((state) => EVENTS.map((event, i) => [state, event, EXPECTED[state][i]] as const));

  test.each(cells)('%s + %s = %s', (state, event, expected) => {
    expect(nextLoopState(state, event)).toBe(expected === '-' ? 'refused' : expected);
  });

  test('the table has no other cell', () => {
    expect(Object.keys(LOOP_TRANSITIONS).sort()).toEqual([...STATES].sort());
    for (const state of STATES) expect(Object.keys(LOOP_TRANSITIONS[state]).sort()).toEqual([...EVENTS].sort());
  });

  test('failed is final, and a loop that was stopped once never idles again', () => {
    expect(
      EVENTS.map((event) => nextLoopState('failed', event)).filter((to) => to !== 'refused' && to !== 'failed'),
    ).toEqual([]);
    for (const state of STATES.filter((other) => other !== 'idle')) {
      expect(EVENTS.map((event) => nextLoopState(state, event))).not.toContain('idle');
    }
  });
});
