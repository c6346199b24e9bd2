/**
 * How far the drop of a partition has come, as Postgres shows it:
 *
 *   attached ──detach──▶ detached ──drop-table──▶ absent ──delete-log──▶ (forgotten)
 *      └──interrupted──▶ detaching ──finalize──▲
 *
 * Nothing else is remembered, so a drop goes on wherever a crash has left it. The start offsets were raised before the
 * first step, together with the mark, so readers are told OFFSET_OUT_OF_RANGE and never meet a hole.
 */
export type DropProgress = 'attached' | 'detaching' | 'detached' | 'absent';

export type DropAction = 'wait' | 'detach' | 'finalize' | 'drop-table' | 'delete-log';

const NEXT: Record<DropProgress, Exclude<DropAction, 'wait'>> = {
  attached: 'detach',
  detaching: 'finalize',
  detached: 'drop-table',
  absent: 'delete-log',
};

/**
 * The next action. Readers that looked at the start offsets just before they were raised get `graceMs` to finish; a drop
 * that has begun is not delayed any more.
 */
export function nextDropAction(progress: DropProgress, markedForMs: number, graceMs: number): DropAction {
  return progress === 'attached' && markedForMs < graceMs ? 'wait' : NEXT[progress];
}
