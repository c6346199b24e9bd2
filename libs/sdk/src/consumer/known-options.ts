import { TidemarkError } from '#libs/foundation/kernel';

/**
 * Throws CONSUMER_INVALID for options that do not exist: the compiler sees them only in literals, and a misspelt `retryTiers`
 * would send messages to the dlq that should have been tried again.
 */
export function refuseUnknownOptions(of: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new TidemarkError('CONSUMER_INVALID', `${of} has unknown options: ${unknown.join(', ')}`, {
    remedy: `Use ${known.join(', ')}.`,
  });
}
