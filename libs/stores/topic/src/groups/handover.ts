/**
 * Who has a partition and who shall have it:
 *
 * ```
 *               target                claim
 *   unassigned ────────▶ claimable ─────────▶ held ◀── keep ──┐
 *       ▲    ◀── untarget ──┘ ▲                │ │            │
 *       │                     │ free           │ └─ target ─▶ moving ◀─ target ─┐
 *       │                     └────────────────┼────── free ──┘ └─ untarget ─▶ closing
 *       │                                      └──────────── untarget ──────────▲ │
 *       └──────────────────────────────────── free ───────────────────────────────┘
 * ```
 *
 * - `unassigned`: no member subscribes to the topic.
 * - `claimable`: nobody owns it; its target takes it with its next heartbeat.
 * - `held`: owned by its target.
 * - `moving`: its owner shall release it to another member; until then the owner may still commit, and only the owner.
 * - `closing`: its owner shall release it to nobody.
 *
 * `free` happens when the owner releases it, leaves, or is dead, and never while a transaction of the owner that has
 * committed an offset of the partition is open. There is no way from one owner to another without `free` and `claim`.
 */
export type HandoverState = 'unassigned' | 'claimable' | 'held' | 'moving' | 'closing';

/** `target`: to a member that is not the owner; `keep`: back to the owner; `untarget`: to nobody. */
export type HandoverEvent = 'target' | 'keep' | 'untarget' | 'free' | 'claim';

// oxfmt-ignore
export const HANDOVER_TRANSITIONS: Readonly<Record<HandoverState, Readonly<Record<HandoverEvent, HandoverState | 'refused'>>>> = {
  unassigned: { target: 'claimable', keep: 'refused', untarget: 'unassigned', free: 'refused', claim: 'refused' },
  claimable:  { target: 'claimable', keep: 'refused', untarget: 'unassigned', free: 'refused', claim: 'held' },
  held:       { target: 'moving', keep: 'held', untarget: 'closing', free: 'claimable', claim: 'refused' },
  moving:     { target: 'moving', keep: 'held', untarget: 'closing', free: 'claimable', claim: 'refused' },
  closing:    { target: 'moving', keep: 'held', untarget: 'closing', free: 'unassigned', claim: 'refused' },
};

/** The state of a partition from the two columns that are stored. */
export function handoverStateOf(owner: string | null, target: string | null): HandoverState {
  if (owner === null) return target === null ? 'unassigned' : 'claimable';
  if (target === null) return 'closing';
  return owner === target ? 'held' : 'moving';
}

/** True while the owner is asked to release it. */
export function isRevoking(state: HandoverState): boolean {
  return state === 'moving' || state === 'closing';
}

/** True when nothing has to happen for the partition to be where it shall be. */
export function isSettled(state: HandoverState): boolean {
  return state === 'held' || state === 'unassigned';
}
