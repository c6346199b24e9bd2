import type { AuditedAction } from './audited-action.ts';

/** How a write outside of Postgres ended. */
export type OutsideResult<D> = { readonly done: D } | { readonly failed: unknown };

/**
 * A write whose effect is not in Postgres, so that no transaction can undo it. The audit has an entry before anything is
 * done and one after it; an intent without an outcome means that nobody knows what became of it.
 */
export interface OutsideWrite<P, D> {
  /** Decides what to do and refuses what must not be done; changes nothing. */
  readonly plan: () => Promise<P>;
  /** What the audit says before it is done: enough to take it back. */
  readonly intent: (plan: P) => AuditedAction;
  /** Does it. Repeated, also at the same time, it must end in the same state. */
  readonly carryOut: (plan: P) => Promise<D>;
  /** What the audit says when it is done or has failed. */
  readonly outcome: (result: OutsideResult<D>) => AuditedAction;
}
