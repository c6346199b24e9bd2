/**
 * Where a lane (one partition on one cluster) is:
 *
 * ```
 *              locate              found             opened
 *  unlocated ─────────▶ locating ─────────▶ opening ────────▶ open ──fail──▶ settling
 *   ▲  ▲  ▲                │  │ hold                           │ │ hold         │ settled
 *   │  │  │ due            │  └──────────▶ quarantine ◀────────┘ │              │
 *   │  │  └────────────────┼─────────────────┘                   │ quiet        │
 *   │  └───────────────────┼─────────────────────────────────────┘              │
 *   │ due                  │ block                                              │
 *   └──────── blocked ◀────┴── (also opening, settling)       ◀─────────────────┘
 *
 *  any of them: stop ──▶ stopped ── retry ──▶ unlocated
 * ```
 *
 * - `unlocated`: nobody knows where the cluster's log ends for this partition; nothing is sent.
 * - `locating`: brokers are being asked.
 * - `quarantine`: batches that somebody sent earlier may still arrive; waits until they cannot.
 * - `opening`: the end is known; what was found is being saved.
 * - `open`: batches are sent.
 * - `settling`: one batch failed; waits for the answers to the others, sends nothing.
 * - `blocked`: waits before it tries again; says why.
 * - `stopped`: needs a person (or the topic created again); publishing on could double or overwrite.
 */
export type LanePhase =
  | 'unlocated'
  | 'locating'
  | 'quarantine'
  | 'opening'
  | 'open'
  | 'settling'
  | 'blocked'
  | 'stopped';

export type LaneEvent =
  | 'locate'
  | 'hold'
  | 'found'
  | 'opened'
  | 'fail'
  | 'settled'
  | 'quiet'
  | 'due'
  | 'block'
  | 'stop'
  | 'retry';

type Row = Readonly<Record<LaneEvent, LanePhase | 'refused'>>;

const REFUSED: Row = {
  locate: 'refused',
  hold: 'refused',
  found: 'refused',
  opened: 'refused',
  fail: 'refused',
  settled: 'refused',
  quiet: 'refused',
  due: 'refused',
  block: 'refused',
  stop: 'refused',
  retry: 'refused',
};

/** Every cell: the phase that follows, or `refused` for what cannot happen there. */
// oxfmt-ignore
export const LANE_TRANSITIONS: Readonly<Record<LanePhase, Row>> = {
  unlocated:  { ...REFUSED, locate: 'locating', retry: 'unlocated', block: 'blocked', stop: 'stopped' },
  locating:   { ...REFUSED, hold: 'quarantine', found: 'opening', retry: 'unlocated', block: 'blocked', stop: 'stopped' },
  quarantine: { ...REFUSED, due: 'unlocated', retry: 'quarantine', block: 'blocked', stop: 'stopped' },
  opening:    { ...REFUSED, opened: 'open', retry: 'unlocated', block: 'blocked', stop: 'stopped' },
  open:       { ...REFUSED, fail: 'settling', hold: 'quarantine', quiet: 'unlocated', retry: 'settling' },
  settling:   { ...REFUSED, fail: 'settling', settled: 'unlocated', hold: 'quarantine', retry: 'settling', block: 'blocked', stop: 'stopped' },
  blocked:    { ...REFUSED, due: 'unlocated', retry: 'unlocated', block: 'blocked', stop: 'stopped' },
  stopped:    { ...REFUSED, retry: 'unlocated', stop: 'stopped' },
};

export function nextLanePhase(phase: LanePhase, event: LaneEvent): LanePhase | 'refused' {
  return LANE_TRANSITIONS[phase][event];
}
