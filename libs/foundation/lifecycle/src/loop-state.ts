/**
 * Where a loop is:
 *
 * ```
 *             start            pause(reason)
 *   idle ──────────▶ running ◀──────────────▶ paused
 *    │ stop             │ stop   resume(last)    │ stop
 *    │                  ▼                        │
 *    │              draining ◀───────────────────┘
 *    ▼                  │ drained                     running, paused, draining ── fail ──▶ failed
 *  stopped ◀────────────┘
 *    └── start ──▶ running
 * ```
 *
 * - `idle`: made, never started.
 * - `running`: steps follow each other, with waits between them.
 * - `paused`: a step that had begun is finished, no new one begins, until every pause reason is taken back.
 * - `draining`: asked to stop; the step that had begun is finished.
 * - `stopped`: no step is running; may be started again.
 * - `failed`: ended by an error, or by a step that did not end in time. Final, since such a step may still be running.
 */
export type LoopState = 'idle' | 'running' | 'paused' | 'draining' | 'stopped' | 'failed';

export type LoopEvent = 'start' | 'pause' | 'resume' | 'stop' | 'drained' | 'fail';

/** Every cell: the state that follows (the same one where the event changes nothing), or `refused`. */
// oxfmt-ignore
export const LOOP_TRANSITIONS: Readonly<Record<LoopState, Readonly<Record<LoopEvent, LoopState | 'refused'>>>> = {
  idle:     { start: 'running', pause: 'idle', resume: 'idle', stop: 'stopped', drained: 'refused', fail: 'refused' },
  running:  { start: 'running', pause: 'paused', resume: 'running', stop: 'draining', drained: 'refused', fail: 'failed' },
  paused:   { start: 'paused', pause: 'paused', resume: 'running', stop: 'draining', drained: 'refused', fail: 'failed' },
  draining: { start: 'refused', pause: 'draining', resume: 'draining', stop: 'draining', drained: 'stopped', fail: 'failed' },
  stopped:  { start: 'running', pause: 'stopped', resume: 'stopped', stop: 'stopped', drained: 'refused', fail: 'refused' },
  failed:   { start: 'refused', pause: 'failed', resume: 'failed', stop: 'failed', drained: 'refused', fail: 'failed' },
};

export function nextLoopState(state: LoopState, event: LoopEvent): LoopState | 'refused' {
  return LOOP_TRANSITIONS[state][event];
}
