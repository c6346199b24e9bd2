/**
 * How far the drop of a partition of inbox.handled has come, as Postgres shows it:
 *
 *   attached ──detach──▶ detached ──drop-table──▶ absent ──forget──▶ (gone)
 *      └──interrupted──▶ detaching ──finalize──▲
 *
 * Nothing else is remembered, so a drop goes on wherever a crash has left it.
 */
export type DropProgress = 'attached' | 'detaching' | 'detached' | 'absent';

export type DropStep = 'detach' | 'finalize' | 'drop-table' | 'forget';

/** The next step of a drop, and where it leads when it was not blocked. */
export const DROP_STEPS: Record<DropProgress, { readonly step: DropStep; readonly leadsTo: DropProgress | 'gone' }> = {
  attached: { step: 'detach', leadsTo: 'detached' },
  detaching: { step: 'finalize', leadsTo: 'detached' },
  detached: { step: 'drop-table', leadsTo: 'absent' },
  absent: { step: 'forget', leadsTo: 'gone' },
};
