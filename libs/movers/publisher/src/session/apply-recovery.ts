import type { Lane } from '../lane/lane.ts';
import type { SessionContext } from './session-context.ts';

/** Once the last answer to a failed lane is there: does what the failure asks for. False while answers are missing. */
export function recover(lane: Lane, context: SessionContext): boolean {
  const { options, time, parts } = context;
  const rule = lane.failed?.rule;
  const recovery = lane.recovery(options, time.random());
  if (recovery === undefined) return false;
  if (rule !== undefined) {
    parts.observer.batchFailed(lane.start, rule.name);
    if (rule.name.endsWith('AUTHORIZATION_FAILED')) parts.observer.authorizationMissing(lane.start);
  }
  switch (recovery.kind) {
    case 'locate':
      if (rule !== undefined) lane.setTrouble(recovery.trouble);
      lane.change('settled');
      return true;
    case 'wait':
      block(lane, recovery.ms, recovery.trouble, context);
      return true;
    case 'no-first-sequence':
      block(lane, recovery.ms, recovery.trouble, context);
      context.exactMode.refusedBy(lane, rule?.name ?? '');
      return true;
    case 'quarantine':
      parts.observer.quarantined(lane.start, recovery.ms);
      lane.hold(time.now() + recovery.ms);
      return true;
    case 'clamp':
      lane.clampAll = true;
      lane.change('settled');
      return true;
    case 'stop':
      lane.setTrouble(recovery.detail);
      lane.change('stop');
      parts.observer.stopped(lane.start, 'diverged', recovery.detail);
      return true;
    default:
      // Halves and placeholders: what to do differently is noted in the lane.
      lane.change('settled');
      return true;
  }
}

/** The lane tries again after `ms`; a trouble is told, and stays until an ack. */
export function block(
  lane: Lane,
  ms: number,
  trouble: string | null,
  context: SessionContext,
  of: 'sending' | 'locating' = 'sending',
): void {
  if (!lane.change('block')) return;
  lane.dueAt = context.time.now() + ms;
  if (trouble !== null && lane.setTrouble(trouble, of)) context.parts.observer.blocked(lane.start, trouble);
}
