export { adaptivePause, type AdaptivePause, type AdaptivePauseOptions } from './adaptive-pause.ts';
export { endsWithin } from './ends-within.ts';
export { Loop, type LoopOptions, type LoopStateChange, type LoopStatus, STOP_GRACE_MS } from './loop.ts';
export { LOOP_TRANSITIONS, type LoopEvent, type LoopState, nextLoopState } from './loop-state.ts';
export { Shutdown, type ShutdownOptions, type StopFailure } from './shutdown.ts';
export { type Sleep, systemSleep } from './sleep.ts';
