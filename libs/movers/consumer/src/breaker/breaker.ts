import { assert } from '#libs/foundation/kernel';
import type { BreakerState } from '../consumer-status.ts';
import type { BreakerOptions } from '../subscription/subscription-options.ts';

/**
 * Tells a message that cannot be handled from a dependency that is down, by the outcomes of the last deliveries:
 *
 * ```
 *            most of the window failed               due
 *   closed ──────────────────────────────▶ open ────────────▶ half-open
 *      ▲                                    ▲                    │  │
 *      │                                    └─── probe failed ───┘  │
 *      └──────────────────────── probe succeeded ───────────────────┘
 * ```
 *
 * - `closed`: all deliveries go.
 * - `open`: none goes. The pause doubles each time a probe has failed.
 * - `half-open`: one delivery goes, the probe; no other until it has ended. One that ends without telling anything
 *   (cancelled, or fatal by itself) leaves the place to another.
 *
 * What ends while it is open had begun before and changes nothing.
 */
export type BreakerEvent = 'tripped' | 'due' | 'probe-succeeded' | 'probe-failed';

// oxfmt-ignore
export const BREAKER_TRANSITIONS: Readonly<Record<BreakerState, Readonly<Record<BreakerEvent, BreakerState | 'refused'>>>> = {
  closed:      { tripped: 'open', due: 'refused', 'probe-succeeded': 'refused', 'probe-failed': 'refused' },
  open:        { tripped: 'refused', due: 'half-open', 'probe-succeeded': 'refused', 'probe-failed': 'refused' },
  'half-open': { tripped: 'refused', due: 'refused', 'probe-succeeded': 'closed', 'probe-failed': 'open' },
};

/** How a delivery ended, as far as it says something about what the handler depends on. */
export type Outcome = 'succeeded' | 'failed' | 'inconclusive';

export type Admission =
  | { readonly go: true; readonly probe: boolean }
  /** `waitMs` is null while a probe is under way: its end tells. */
  | { readonly go: false; readonly waitMs: number | null };

/** No clock: times are arguments, ms. */
export class Breaker {
  readonly #options: Required<BreakerOptions> | null;
  readonly #onChange: (from: BreakerState, to: BreakerState, openMs: number) => void;
  #state: BreakerState = 'closed';
  /** The last outcomes, true for failures. */
  #window: boolean[] = [];
  #openMs = 0;
  #dueAt = 0;
  #probing = false;

  /** @param options null: always closed. */
  constructor(
    options: Required<BreakerOptions> | null,
    onChange: (from: BreakerState, to: BreakerState, openMs: number) => void,
  ) {
    this.#options = options;
    this.#onChange = onChange;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** When an open breaker lets a delivery try; null in other states. */
  get dueAt(): number | null {
    return this.#state === 'open' ? this.#dueAt : null;
  }

  /** Asks for one delivery. After `probe`, `end` has to follow with it. */
  admit(now: number): Admission {
    if (this.#state === 'open' && now >= this.#dueAt) this.#change('due');
    if (this.#state === 'closed') return { go: true, probe: false };
    if (this.#state === 'open') return { go: false, waitMs: this.#dueAt - now };
    if (this.#probing) return { go: false, waitMs: null };
    this.#probing = true;
    return { go: true, probe: true };
  }

  /** A delivery of the main flow, or a probe, has ended. */
  end(outcome: Outcome, probe: boolean, now: number): void {
    if (probe) this.#endProbe(outcome, now);
    else if (this.#state === 'closed' && outcome !== 'inconclusive') this.#note(outcome === 'failed', now);
  }

  #note(failed: boolean, now: number): void {
    if (this.#options === null) return;
    const { window, minimum, failureRate, openMs } = this.#options;
    this.#window = [...this.#window, failed].slice(-window);
    const failures = this.#window.filter(Boolean).length;
    if (this.#window.length < minimum || failures <= failureRate * this.#window.length) return;
    this.#openFor(openMs, now);
    this.#change('tripped');
  }

  #endProbe(outcome: Outcome, now: number): void {
    this.#probing = false;
    if (outcome === 'inconclusive') return;
    if (outcome === 'succeeded') {
      this.#window = [];
      this.#change('probe-succeeded');
      return;
    }
    this.#openFor(Math.min(this.#openMs * 2, this.#options!.openMaxMs), now);
    this.#change('probe-failed');
  }

  #openFor(ms: number, now: number): void {
    this.#openMs = ms;
    this.#dueAt = now + ms;
  }

  #change(event: BreakerEvent): void {
    const from = this.#state;
    const to = BREAKER_TRANSITIONS[from][event];
    assert(to !== 'refused', `breaker ${event} while ${from}`);
    this.#state = to;
    this.#onChange(from, to, this.#openMs);
  }
}
