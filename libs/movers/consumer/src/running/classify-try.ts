import { TidemarkError } from '#libs/foundation/kernel';
import { classifyError } from '../failure/error-rules.ts';
import type { FailureKind } from '../failure/retry-decision.ts';
import type { Transactions } from '../ports/transactions.ts';
import type { SubscriptionSettings } from '../subscription/subscription-settings.ts';
import type { TryPhase } from './try-messages.ts';

/** What a failed try says. A record that is fenced off waits, too: its partition is about to be taken away. */
export function classifyTry<Tx>(
  failed: { readonly phase: TryPhase; readonly error: unknown },
  lost: boolean,
  settings: SubscriptionSettings<Tx>,
  transactions: Transactions<Tx>,
): FailureKind {
  const { phase, error } = failed;
  if (lost) return 'cancelled';
  if (phase === 'before') return 'transient';
  if (phase === 'after' && isCommitRefusal(error)) return 'transient';
  if (transactions.isTransient(error, phase === 'handler' ? 'handler' : 'transaction')) return 'transient';
  return classifyError(error, settings.errors);
}

/** A decoder that could not ask the registry says nothing about the message. */
export function classifyDecoding(error: unknown, lost: boolean): FailureKind {
  if (lost) return 'cancelled';
  return error instanceof TidemarkError && error.retryable ? 'transient' : 'undecodable';
}

function isCommitRefusal(error: unknown): boolean {
  return error instanceof TidemarkError && (error.code === 'GROUP_FENCED' || error.code === 'GROUP_INVALID');
}
